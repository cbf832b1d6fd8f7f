//! The bytes of an export, which may be UTF-16 as Windows programs save it → the same in UTF-8, as they come.

use std::io::{self, BufRead, Read};

use encoding_rs::{Decoder, Encoding};

use crate::import::encoding::wide;

/// Bytes in UTF-8, or in what the file declares if that is no UTF-16.
pub(super) struct Narrow<R> {
    from: R,
    /// What turns UTF-16 into UTF-8, if the bytes are.
    decoder: Option<Decoder>,
    /// What has been turned, and how much of it has been taken.
    made: Vec<u8>,
    taken: usize,
    is_over: bool,
}

impl<R: BufRead> Narrow<R> {
    /// Looks at the first bytes: the mark of UTF-16, or a `<` of two bytes.
    pub(super) fn new(mut from: R) -> io::Result<Self> {
        let decoder = wide(from.fill_buf()?).map(Encoding::new_decoder_with_bom_removal);
        Ok(Self { from, decoder, made: Vec::new(), taken: 0, is_over: false })
    }
}

impl<R: BufRead> Read for Narrow<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let ready = self.fill_buf()?;
        let count = ready.len().min(into.len());
        into[..count].copy_from_slice(&ready[..count]);
        self.consume(count);
        Ok(count)
    }
}

impl<R: BufRead> BufRead for Narrow<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let Some(decoder) = &mut self.decoder else { return self.from.fill_buf() };
        while self.taken == self.made.len() && !self.is_over {
            let bytes = self.from.fill_buf()?;
            self.is_over = bytes.is_empty();
            // Four bytes for half of a pair that the last bytes may have begun.
            let room = decoder.max_utf8_buffer_length(bytes.len()).unwrap_or(bytes.len().saturating_mul(3)) + 4;
            self.made.resize(room, 0);
            let (_, read, written, _) = decoder.decode_to_utf8(bytes, &mut self.made, self.is_over);
            self.made.truncate(written);
            self.taken = 0;
            self.from.consume(read);
        }
        Ok(&self.made[self.taken..])
    }

    fn consume(&mut self, count: usize) {
        match self.decoder {
            Some(_) => self.taken += count,
            None => self.from.consume(count),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufReader, Read as _};

    use super::Narrow;

    #[test]
    fn utf_16_is_read_whatever_pieces_it_comes_in() {
        let text = "<rss>tŷ 🏠 “a”</rss>";
        let units: Vec<u16> = text.encode_utf16().collect();
        let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
        let marked = |mark: [u8; 2], bytes: &[u8]| [&mark[..], bytes].concat();
        let all = [marked([0xff, 0xfe], &little), marked([0xfe, 0xff], &big), little, big, text.as_bytes().to_vec()];
        for bytes in all {
            for size in [2, 3, 5, 64] {
                let mut read = String::new();
                let from = BufReader::with_capacity(size, bytes.as_slice());
                Narrow::new(from).expect("it can be read").read_to_string(&mut read).expect("it is UTF-8");
                assert_eq!(read, text);
            }
        }
    }
}
