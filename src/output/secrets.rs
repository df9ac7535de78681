//! The list of values that people have to put into the vault: a CSV for each tenant, which spreadsheets and scripts read.
//!
//! It lies beside the tenant's bundles and in none of them, and it is no YAML, so nothing applies it. The place is written
//! with the mount in front, as the vault's own command takes it.

use super::csv::write_row;
use crate::lower::ProvidedValue;

/// Its name in the tenant's folder.
pub const SECRETS_LIST: &str = "secrets.csv";

const HEAD: [&str; 5] = ["path", "key", "service", "namespace", "doc"];

/// The list as a file, sorted by place; `None` where there is nothing to fill in.
pub fn list_provided(mount: &str, values: &[ProvidedValue]) -> Option<Vec<u8>> {
    if values.is_empty() {
        return None;
    }
    let mut rows: Vec<_> = values
        .iter()
        .map(|value| {
            let path = format!("{mount}/{}", value.path);
            [path, value.key.clone(), value.service.clone(), value.namespace.clone(), value.doc.clone()]
        })
        .collect();
    rows.sort();
    let mut text = String::new();
    write_row(&HEAD, &mut text);
    for row in &rows {
        write_row(&row.each_ref().map(String::as_str), &mut text);
    }
    Some(text.into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(path: &str, doc: &str) -> ProvidedValue {
        ProvidedValue {
            path: path.to_owned(),
            key: "PASSWORD".to_owned(),
            service: "notes".to_owned(),
            namespace: "goch-notes".to_owned(),
            doc: doc.to_owned(),
        }
    }

    #[test]
    fn a_reader_of_csv_gets_back_what_was_meant() {
        let docs = ["plain", "with, a comma", "a \"quote\"; and more", "two\nlines"];
        let values: Vec<_> = docs.iter().map(|doc| value("goch/notes/notes", doc)).collect();
        let bytes = list_provided("kv", &values).unwrap();
        let read = csv::Reader::from_reader(bytes.as_slice()).into_records();
        let mut read: Vec<String> = read.map(|record| record.unwrap()[4].to_owned()).collect();
        read.sort();
        let mut meant = docs.map(|doc| doc.replace('\n', " "));
        meant.sort();
        assert_eq!(read, meant);
    }

    #[test]
    fn places_stand_in_order_with_the_mount_in_front() {
        let bytes = list_provided("kv", &[value("goch/b/b", ""), value("goch/a/a", "")]).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let paths: Vec<_> = text.lines().map(|line| line.split(',').next().unwrap_or_default()).collect();
        assert_eq!(paths, ["path", "kv/goch/a/a", "kv/goch/b/b"]);
        assert!(list_provided("kv", &[]).is_none());
    }
}
