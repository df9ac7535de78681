//! Filters that make one value of many: how large a server has to be follows from those who use it.
//!
//! They count whole numbers, and quantities, which expressions know as text: `2Gi` and `512Mi` make `2560Mi`. With the
//! name of a field they look into each item: `uses | sum("storage")`.

use minijinja::value::ValueKind;
use minijinja::{Error, ErrorKind, Value};

use super::describe;
use crate::value::{Quantity, place_of};

/// What is counted: items of one kind.
enum Amounts {
    Numbers(Vec<i64>),
    Quantities(Vec<Quantity>),
}

/// All items together; the number 0 where there are none.
pub(super) fn sum(list: &Value, field: Option<&str>) -> Result<Value, Error> {
    let too_large = || refuse("the sum is too large".to_owned());
    match amounts("sum", list, field)? {
        Amounts::Numbers(numbers) => {
            let sum = numbers.into_iter().try_fold(0_i64, i64::checked_add);
            sum.map(Value::from).ok_or_else(too_large)
        }
        Amounts::Quantities(quantities) => {
            let sum = Quantity::checked_sum(quantities);
            sum.map(|sum| Value::from(sum.to_string())).ok_or_else(too_large)
        }
    }
}

/// The largest item; none where there is no item.
pub(super) fn largest(list: &Value, field: Option<&str>) -> Result<Value, Error> {
    Ok(match amounts("largest", list, field)? {
        Amounts::Numbers(numbers) => numbers.into_iter().max().map_or(Value::from(()), Value::from),
        Amounts::Quantities(quantities) => {
            quantities.into_iter().max().map_or(Value::from(()), |most| Value::from(most.to_string()))
        }
    })
}

/// A field of each item, in the order of the list.
pub(super) fn field(list: &Value, name: &str) -> Result<Value, Error> {
    items("field", list)?.map(|item| field_of(&item, name)).collect::<Result<Vec<_>, _>>().map(Value::from)
}

/// The values of a map, in the order of its names.
pub(super) fn values(map: &Value) -> Result<Value, Error> {
    if map.kind() != ValueKind::Map {
        return Err(refuse(format!("`values` takes a map, this is {}", describe(map))));
    }
    map.try_iter()?.map(|name| map.get_item(&name)).collect::<Result<Vec<_>, _>>().map(Value::from)
}

/// The next multiple of a step.
pub(super) fn round_up(value: &Value, step: &Value) -> Result<Value, Error> {
    if let (Ok(number), Ok(step)) = (i64::try_from(value.clone()), i64::try_from(step.clone())) {
        if step <= 0 {
            return Err(refuse(format!("`round_up` takes a step above zero, this is {step}")));
        }
        let steps = number.div_euclid(step) + i64::from(number.rem_euclid(step) != 0);
        let rounded = steps.checked_mul(step);
        return rounded.map(Value::from).ok_or_else(|| refuse("the rounded number is too large".to_owned()));
    }
    let step = quantity("round_up", step)?;
    if step.is_zero() || step.is_negative() {
        return Err(refuse(format!("`round_up` takes a step above zero, this is {step}")));
    }
    Ok(Value::from(quantity("round_up", value)?.round_up_to(step).to_string()))
}

/// A number from 0 to before `count`, always the same for the same text: what a whole fleet does at night begins at as
/// many different minutes.
pub(super) fn spread(text: &str, count: i64) -> Result<i64, Error> {
    if count <= 0 {
        return Err(refuse(format!("`spread` takes how many places there are, this is {count}")));
    }
    let places = usize::try_from(count).unwrap_or(usize::MAX);
    Ok(i64::try_from(place_of(text, places)).unwrap_or(0))
}

fn amounts(filter: &str, list: &Value, field: Option<&str>) -> Result<Amounts, Error> {
    let mut numbers = Vec::new();
    let mut quantities = Vec::new();
    for item in items(filter, list)? {
        let amount = field.map_or_else(|| Ok(item.clone()), |field| field_of(&item, field))?;
        match i64::try_from(amount.clone()) {
            Ok(number) if amount.is_integer() => numbers.push(number),
            _ => quantities.push(quantity(filter, &amount)?),
        }
    }
    match (numbers.is_empty(), quantities.is_empty()) {
        (_, true) => Ok(Amounts::Numbers(numbers)),
        (true, false) => Ok(Amounts::Quantities(quantities)),
        (false, false) => Err(refuse(format!("`{filter}` needs items of one kind, here are numbers and quantities"))),
    }
}

fn items(filter: &str, list: &Value) -> Result<impl Iterator<Item = Value>, Error> {
    match list.kind() {
        ValueKind::Seq | ValueKind::Iterable => list.try_iter(),
        _ => Err(refuse(format!("`{filter}` takes a list, this is {}", describe(list)))),
    }
}

fn field_of(item: &Value, name: &str) -> Result<Value, Error> {
    let value = item.get_attr(name)?;
    if value.is_undefined() {
        return Err(refuse(format!("an item of the list has no field `{name}`")));
    }
    Ok(value)
}

fn quantity(filter: &str, value: &Value) -> Result<Quantity, Error> {
    let found = || refuse(format!("`{filter}` counts whole numbers or quantities, this is {}", shown(value)));
    value.as_str().and_then(|text| Quantity::parse(text).ok()).ok_or_else(found)
}

fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| describe(value).to_owned(), |text| format!("`{text}`"))
}

fn refuse(message: String) -> Error {
    Error::new(ErrorKind::InvalidOperation, message)
}
