//! A sum against a limit, and how it is shown: who takes how much, the largest first, the line that goes over it marked, and
//! what remains counted in one line.

use std::fmt::Write as _;

use crate::value::{Percentage, Quantity};

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

impl<'b> Budget<'b> {
    /// The sum; so large that it cannot be counted is over any limit.
    pub(super) fn sum(&self) -> Option<Quantity> {
        Quantity::checked_sum(self.rows.iter().map(|(_, amount)| *amount))
    }

    pub(super) fn is_exceeded(&self) -> bool {
        self.sum().is_none_or(|sum| sum > self.limit)
    }

    /// The sum in words.
    pub(super) fn sum_text(&self) -> String {
        self.sum().map_or_else(|| "more than can be counted".to_owned(), |sum| shown(sum, self.limit))
    }

    /// The limit in words.
    pub(super) fn limit_text(&self) -> String {
        self.sum().map_or_else(|| self.limit.to_string(), |sum| shown(self.limit, sum))
    }

    /// How many of these would hold the sum.
    pub(super) fn holders(&self, each: Quantity) -> Option<i128> {
        let sum = self.sum()?;
        let whole = sum.checked_div(each)?;
        let held = i64::try_from(whole).ok().and_then(|whole| each.checked_mul(whole));
        Some(if held == Some(sum) { whole } else { whole + 1 })
    }

    /// The sum in hundredths of this, rounded up.
    pub(super) fn percent_of(&self, whole: Quantity) -> Option<Percentage> {
        let hundredfold = Budget { rows: vec![("", self.sum()?.checked_mul(100)?)], limit: whole, limit_name: "" };
        u32::try_from(hundredfold.holders(whole)?).ok().map(Percentage::new)
    }

    /// Who goes over the limit, adding up from the largest.
    pub(super) fn goes_over(&self) -> Option<&'b str> {
        let rows = largest_first(&self.rows);
        self.crossing(&rows).map(|at| rows[at].0)
    }

    /// How much of the limit is taken, in hundredths.
    fn fullness(&self) -> i128 {
        let hundredfold = self.sum().and_then(|sum| sum.checked_mul(100));
        hundredfold.and_then(|sum| sum.checked_div(self.limit)).unwrap_or(i128::MAX)
    }

    /// The sum as a table under a title.
    pub(super) fn table(self, title: &str) -> String {
        sheet(title, &[("", self)])
    }

    /// The row with which the sum goes over the limit.
    fn crossing(&self, rows: &[(&str, Quantity)]) -> Option<usize> {
        let mut sum = Quantity::ZERO;
        rows.iter().position(|(_, amount)| {
            let grown = sum.checked_add(*amount);
            sum = grown.unwrap_or(sum);
            grown.is_none_or(|grown| grown > self.limit)
        })
    }
}

/// Those of several sums that go over their limits, the one that does so the most first.
pub(super) fn exceeded<'b>(sums: impl Iterator<Item = (&'b str, Budget<'b>)>) -> Vec<(&'b str, Budget<'b>)> {
    let mut over: Vec<_> = sums.filter(|(_, budget)| budget.is_exceeded()).collect();
    over.sort_by_key(|(_, budget)| std::cmp::Reverse(budget.fullness()));
    over
}

/// The sums in words: `31.5 of cpu and 70Gi of memory`.
pub(super) fn sums_text(columns: &[(&str, Budget<'_>)]) -> String {
    let sums = columns.iter().map(|(what, budget)| amount_of_resource(&budget.sum_text(), what));
    sums.collect::<Vec<_>>().join(" and ")
}

/// Their limits in words: `24 of cpu and 64Gi of memory`.
pub(super) fn limits_text(columns: &[(&str, Budget<'_>)]) -> String {
    // Of one alone it was said just before.
    let limits = columns.iter().map(|(what, budget)| match columns.len() {
        1 => budget.limit_text(),
        _ => amount_of_resource(&budget.limit_text(), what),
    });
    limits.collect::<Vec<_>>().join(" and ")
}

/// How much of what: pods are counted, the rest is measured.
pub(super) fn amount_of_resource(amount: &str, what: &str) -> String {
    if what == "pods" { format!("{amount} pods") } else { format!("{amount} of {what}") }
}

/// Several sums over the same names as one table, a column each; the first decides the order.
pub(super) fn sheet(title: &str, columns: &[(&str, Budget<'_>)]) -> String {
    let Some((_, first)) = columns.first() else { return String::new() };
    let amounts = |name: &str| -> Vec<Quantity> { columns.iter().map(|(_, budget)| budget.amount_of(name)).collect() };
    let mut rows = largest_first(&first.rows);
    rows.retain(|(name, _)| amounts(name).iter().any(|amount| !amount.is_zero()));
    let over = first.crossing(&rows);
    let kept = if rows.len() == MOST_ROWS + 1 { rows.len() } else { MOST_ROWS };

    let mut lines = Lines::default();
    if columns.iter().any(|(what, _)| !what.is_empty()) {
        lines.add("", columns.iter().map(|(what, _)| (*what).to_owned()));
    }
    for (at, (name, _)) in rows.iter().take(kept).enumerate() {
        lines.add(name, amounts(name).into_iter().map(Quantity::for_people));
        if over == Some(at) {
            lines.mark(format!("<- more than {} from here on", first.limit_text()));
        }
    }
    if rows.len() > kept {
        let rest = rows.iter().skip(kept).map(|(name, _)| amounts(name)).reduce(|sum, more| {
            sum.iter().zip(&more).map(|(a, b)| a.checked_add(*b).unwrap_or(Quantity::BOUNDLESS)).collect()
        });
        lines.add(
            &format!("and {} more", rows.len() - kept),
            rest.unwrap_or_default().into_iter().map(Quantity::for_people),
        );
        if over.is_some_and(|at| at >= kept) {
            lines.mark(format!("<- more than {} in here", first.limit_text()));
        }
    }
    lines.add("together", columns.iter().map(|(_, budget)| budget.sum_text()));
    lines.add(first.limit_name, columns.iter().map(|(_, budget)| budget.limit_text()));
    format!("{title}:{}", lines.aligned())
}

impl Budget<'_> {
    fn amount_of(&self, name: &str) -> Quantity {
        self.rows.iter().find(|(of, _)| *of == name).map_or(Quantity::ZERO, |(_, amount)| *amount)
    }
}

/// Those who take something, the largest first.
fn largest_first<'b>(rows: &[(&'b str, Quantity)]) -> Vec<(&'b str, Quantity)> {
    let mut rows = rows.to_vec();
    rows.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    rows
}

/// An amount as people read it, and exactly where it would look like the other one.
fn shown(amount: Quantity, beside: Quantity) -> String {
    let text = amount.for_people();
    if amount != beside && text == beside.for_people() { amount.to_string() } else { text }
}

/// Names with figures behind them.
#[derive(Default)]
struct Lines {
    list: Vec<(String, Vec<String>, String)>,
}

impl Lines {
    fn add(&mut self, name: &str, figures: impl Iterator<Item = String>) {
        self.list.push((name.to_owned(), figures.collect(), String::new()));
    }

    /// Says something behind the line that was added last.
    fn mark(&mut self, text: String) {
        if let Some(last) = self.list.last_mut() {
            last.2 = text;
        }
    }

    /// Names to the left, figures to the right, each column as wide as its widest.
    fn aligned(&self) -> String {
        let names = self.list.iter().map(|(name, ..)| name.chars().count()).max().unwrap_or(0);
        let columns = self.list.iter().map(|(_, figures, _)| figures.len()).max().unwrap_or(0);
        let width = |at: usize| self.list.iter().filter_map(|(_, figures, _)| Some(figures.get(at)?.len())).max();
        let widths: Vec<usize> = (0..columns).map(|at| width(at).unwrap_or(0)).collect();
        let mut text = String::new();
        for (name, figures, mark) in &self.list {
            let mut line = format!("  {name:names$}");
            for (figure, width) in figures.iter().zip(&widths) {
                let _ = write!(line, "  {figure:>width$}");
            }
            let _ = write!(line, "  {mark}");
            let _ = write!(text, "\n{}", line.trim_end());
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn budget<'b>(rows: &[(&'b str, &str)], limit: &str) -> Budget<'b> {
        let quantity = |text: &str| Quantity::parse(text).unwrap();
        let rows = rows.iter().map(|(name, amount)| (*name, quantity(amount))).collect();
        Budget { rows, limit: quantity(limit), limit_name: "quota" }
    }

    #[test]
    fn the_largest_stands_first_and_the_line_that_goes_over_is_marked() {
        let budget = budget(&[("small", "500m"), ("none", "0"), ("large", "8"), ("middle", "2")], "9");
        assert_eq!(budget.goes_over(), Some("middle"));
        let expected = "who:
  large        8
  middle       2  <- more than 9 from here on
  small     500m
  together  10.5
  quota        9";
        assert_eq!(budget.table("who"), expected);
    }

    #[test]
    fn what_would_be_enough_is_rounded_up() {
        let budget = budget(&[("a", "8"), ("b", "1500m")], "9");
        assert_eq!(budget.holders(Quantity::parse("4").unwrap()), Some(3));
        assert_eq!(budget.holders(Quantity::parse("9500m").unwrap()), Some(1));
        assert_eq!(budget.holders(Quantity::ZERO), None);
        assert_eq!(budget.percent_of(Quantity::parse("9").unwrap()), Some(Percentage::new(106)));
        assert_eq!(budget.percent_of(Quantity::parse("19").unwrap()), Some(Percentage::new(50)));
    }

    #[test]
    fn what_is_beyond_the_first_lines_is_counted() {
        let names: Vec<String> = (10..45).map(|number| format!("school-{number}")).collect();
        let rows: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "1Gi")).collect();
        let table = budget(&rows, "30Gi").table("who");
        assert!(table.contains("\n  school-17     1Gi\n  and 27 more  27Gi  <- more than 30Gi in here\n"), "{table}");
        let one_more = budget(&rows[..9], "30Gi").table("who");
        assert!(one_more.contains("school-18") && !one_more.contains("more"), "{one_more}");
    }

    #[test]
    fn columns_are_aligned_and_the_first_decides() {
        let cpu = budget(&[("a", "2"), ("b", "10")], "8");
        let memory = budget(&[("a", "20Gi"), ("b", "1536Mi")], "16Gi");
        let expected = "who:
            cpu  memory
  b          10   1.5Gi  <- more than 8 from here on
  a           2    20Gi
  together   12  21.5Gi
  quota       8    16Gi";
        assert_eq!(sheet("who", &[("cpu", cpu), ("memory", memory)]), expected);
    }

    #[test]
    fn amounts_that_would_look_alike_are_exact() {
        let close = budget(&[("a", "1048577Mi")], "1Ti");
        assert_eq!((close.sum_text(), close.limit_text()), ("1048577Mi".to_owned(), "1Ti".to_owned()));
    }
}
