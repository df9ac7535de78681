//! A sum against a limit, and how it is shown: who takes how much, the largest first, and what remains.

use std::fmt::Write as _;

use crate::value::Quantity;

/// How many of those who take something are named; the rest are counted.
const MOST_ROWS: usize = 8;

/// What is taken, by whom.
#[derive(Debug)]
pub(super) struct Budget<'b> {
    pub(super) rows: Vec<(&'b str, Quantity)>,
    pub(super) limit: Quantity,
    /// What the limit is, in a word: "quota", "allocatable".
    pub(super) limit_name: &'b str,
}

impl Budget<'_> {
    /// The sum; so large that it cannot be counted is over any limit.
    pub(super) fn sum(&self) -> Option<Quantity> {
        Quantity::checked_sum(self.rows.iter().map(|(_, amount)| *amount))
    }

    pub(super) fn is_exceeded(&self) -> bool {
        self.sum().is_none_or(|sum| sum > self.limit)
    }

    /// The sum in words.
    pub(super) fn sum_text(&self) -> String {
        self.sum().map_or_else(|| "more than can be counted".to_owned(), |sum| sum.to_string())
    }

    /// The sum as a table under a title.
    pub(super) fn table(mut self, title: &str) -> String {
        let (sum, limit) = (self.sum_text(), self.limit.to_string());
        self.rows.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        let hidden = self.rows.len().saturating_sub(MOST_ROWS);
        let rest = Quantity::checked_sum(self.rows.iter().skip(MOST_ROWS).map(|(_, amount)| *amount));
        let mut rows: Vec<(String, String)> =
            self.rows.iter().take(MOST_ROWS).map(|(name, amount)| ((*name).to_owned(), amount.to_string())).collect();
        if let (1.., Some(rest)) = (hidden, rest) {
            rows.push((format!("{hidden} others"), rest.to_string()));
        }
        rows.push(("together".to_owned(), sum));
        rows.push((self.limit_name.to_owned(), limit));
        let width = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
        let right = rows.iter().map(|(_, amount)| amount.len()).max().unwrap_or(0);
        let mut text = format!("{title}:");
        for (name, amount) in rows {
            let _ = write!(text, "\n  {name:width$}  {amount:>right$}");
        }
        text
    }
}
