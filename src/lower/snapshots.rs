//! Which snapshots the claims of a namespace get, for the objects of the namespace that make them.

use std::collections::BTreeMap;

use minijinja::Value as Expr;

use crate::expression::record;
use crate::model::{ClassId, Instance, Model, Volume};

/// How many claims of each class there are.
type Classes = BTreeMap<ClassId, i64>;

/// The classes of these volumes.
pub(super) fn classes_of(volumes: &[Volume]) -> Classes {
    let mut classes = Classes::new();
    for volume in volumes {
        *classes.entry(volume.class.value).or_default() += 1;
    }
    classes
}

/// The classes of the volumes of an instance and of those inside it.
pub(super) fn classes_inside(instance: &Instance) -> Classes {
    let mut classes = classes_of(&instance.volumes);
    for need in &instance.needs {
        for (class, count) in classes_inside(&need.instance) {
            *classes.entry(class).or_default() += count;
        }
    }
    classes
}

/// The schedules of these classes, and how many snapshots there are of all claims: as many as are kept, and the newest while
/// the oldest still goes.
pub(super) fn namespace_snapshots(classes: &Classes, model: &Model) -> (Expr, i64) {
    let mut schedules = Vec::new();
    let mut kept: i64 = 0;
    for (id, claims) in classes {
        let class = &model[*id];
        for snapshot in &class.snapshots {
            schedules.push(record([
                ("name", Expr::from(format!("{}-{}", class.name, snapshot.name))),
                ("class", Expr::from(class.name.as_str())),
                ("cron", Expr::from(snapshot.at.in_numbers())),
                ("keep", Expr::from(snapshot.keep)),
            ]));
            kept = kept.saturating_add(claims.saturating_mul(snapshot.keep.saturating_add(1)));
        }
    }
    (Expr::from(schedules), kept)
}
