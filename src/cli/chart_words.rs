//! The words in the file of a chart's numbers ⇄ the line in which a translator finds them.

use crate::export::fields;

/// What parts two words in the line.
const BETWEEN: &str = " | ";
/// How many different words a file may have to be sent along.
const MOST: usize = 60;

/// A file of numbers: rows of cells.
pub(super) struct Numbers {
    rows: Vec<Vec<String>>,
    delimiter: u8,
}

impl Numbers {
    /// Reads CSV.
    pub(super) fn read(text: &str) -> Self {
        let first = text.lines().next().unwrap_or_default();
        let count = |sign: char| first.matches(sign).count();
        let delimiter = if count(';') > count(',') { b';' } else { b',' };
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .from_reader(text.as_bytes());
        let rows = reader.records().filter_map(Result::ok).map(|row| row.iter().map(str::to_owned).collect());
        Self { rows: rows.collect(), delimiter }
    }

    /// Each word once, in the order in which they stand.
    fn words(&self) -> Vec<&str> {
        let mut found: Vec<&str> = Vec::new();
        for cell in self.rows.iter().flatten().map(|cell| cell.trim()).filter(|cell| fields::has_words(cell)) {
            if found.len() <= MOST && !found.contains(&cell) {
                found.push(cell);
            }
        }
        found
    }

    /// The words in one line; `None` if there are none, or too many, or they cannot be told apart in a line.
    pub(super) fn in_a_line(&self) -> Option<String> {
        let words = self.words();
        let is_fine = !words.is_empty() && words.len() <= MOST && !words.iter().any(|word| word.contains(['|', '\n']));
        is_fine.then(|| words.join(BETWEEN))
    }

    /// The words and what they have become in a line that came back; `None` if they are not as many.
    pub(super) fn translated(&self, line: &str) -> Option<Vec<(String, String)>> {
        let words = self.words();
        let new: Vec<&str> = line.split('|').map(str::trim).collect();
        let is_same = words.len() == new.len() && new.iter().all(|word| !word.is_empty());
        is_same.then(|| words.iter().zip(new).map(|(old, new)| ((*old).to_owned(), new.to_owned())).collect())
    }

    /// The file with other words.
    pub(super) fn with(&self, words: &[(String, String)]) -> String {
        let mut out = csv::WriterBuilder::new().delimiter(self.delimiter).flexible(true).from_writer(Vec::new());
        for row in &self.rows {
            let cells = row.iter().map(|cell| {
                words.iter().find(|(old, _)| old == cell.trim()).map_or(cell.as_str(), |(_, new)| new.as_str())
            });
            let _ = out.write_record(cells);
        }
        String::from_utf8(out.into_inner().unwrap_or_default()).unwrap_or_default()
    }
}

/// Names of columns and rows in an attribute such as `y="one, two"`.
pub(super) fn renamed(value: &str, words: &[(String, String)]) -> String {
    let one = |name: &str| words.iter().find(|(old, _)| old == name).map_or(name.to_owned(), |(_, new)| new.clone());
    match words.iter().any(|(old, _)| old == value.trim()) {
        true => one(value.trim()),
        false => value.split(',').map(|name| one(name.trim())).collect::<Vec<_>>().join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::{Numbers, renamed};

    #[test]
    fn words_go_out_in_a_line_and_come_back() {
        let numbers = Numbers::read("Year,In the borough,Elsewhere\n2019,3,4\nAll years,5,In the borough\n");
        assert_eq!(numbers.in_a_line().as_deref(), Some("Year | In the borough | Elsewhere | All years"));
        let words = numbers.translated("Blwyddyn | Yn y fwrdeistref | Mewn man arall | Pob blwyddyn").expect("as many");
        assert_eq!(
            numbers.with(&words),
            "Blwyddyn,Yn y fwrdeistref,Mewn man arall\n2019,3,4\nPob blwyddyn,5,Yn y fwrdeistref\n"
        );
        assert_eq!(renamed("In the borough, Elsewhere", &words), "Yn y fwrdeistref, Mewn man arall");
        assert_eq!(numbers.translated("Blwyddyn | Yn y fwrdeistref"), None);
        assert_eq!(Numbers::read("1,2\n3,4\n").in_a_line(), None);
        assert_eq!(Numbers::read("north;south\n1;2\n").in_a_line().as_deref(), Some("north | south"));
    }
}
