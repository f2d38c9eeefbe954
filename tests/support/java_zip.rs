//! A ZIP in the shape FME Flow writes.
//!
//! FME Flow packs with Java's `ZipOutputStream` at level 0, and no ZIP crate takes that shape: sizes
//! only in signed data descriptors, "compressed" into stored blocks of 32 768 bytes, made by host
//! FAT. Fixtures and crafted archives have to look like the real thing, so this writer does nothing
//! else. It streams: it counts offsets itself and keeps only one record per entry.
//!
//! Source: seen in real archives, which come out byte for byte. The zip64 forms follow the JDK's
//! `ZipOutputStream` (`writeEXT`, `writeCEN`, `writeEND`) and were found equal to JDK 17's output at
//! 70 000 entries and around and above 4 GiB.

use std::io::{self, Read, Seek, SeekFrom, Write};

use flate2::Crc;

/// Bytes per stored block.
const BLOCK: u64 = 32 * 1024;
/// A 32-bit field with this value says "look in zip64".
const MAGIC: u32 = u32::MAX;
/// A 16-bit count with this value says the same.
const MAGIC_COUNT: u16 = u16::MAX;
/// Version needed and made by, without and with zip64.
const VERSION: (u16, u16) = (20, 45);
/// Sizes follow in a data descriptor; names are UTF-8.
const FLAGS: u16 = 0x0808;
const DEFLATE: u16 = 8;
/// Names are UTF-8, and sizes stand where they belong.
const UTF8: u16 = 0x0800;
const STORE: u16 = 0;

/// A local time as MS-DOS keeps it: two-second steps from 1980 on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DosTime {
    /// Year since 1980, month, day: 7, 4 and 5 bits.
    pub(crate) date: u16,
    /// Hour, minute, half seconds: 5, 6 and 5 bits.
    pub(crate) time: u16,
}

impl DosTime {
    /// The time of a calendar date (year, month, day) and a clock (hour, minute, second).
    pub(crate) const fn new(
        (year, month, day): (u16, u16, u16),
        (hour, minute, second): (u16, u16, u16),
    ) -> Self {
        Self {
            date: ((year - 1980) << 9) | (month << 5) | day,
            time: (hour << 11) | (minute << 5) | (second / 2),
        }
    }
}

/// What the central directory says about an entry.
struct Entry {
    name: String,
    time: DosTime,
    method: u16,
    flags: u16,
    crc: u32,
    compressed: u64,
    size: u64,
    offset: u64,
}

/// Writes an archive to any [`Write`], from its first byte to its last.
pub(crate) struct JavaZip<W> {
    out: W,
    written: u64,
    entries: Vec<Entry>,
}

impl<W: Write> JavaZip<W> {
    /// An archive that starts at the current position of `out`.
    pub(crate) const fn new(out: W) -> Self {
        Self {
            out,
            written: 0,
            entries: Vec::new(),
        }
    }

    /// Adds one entry; a name ending in `/` with nothing to read is a directory.
    ///
    /// # Errors
    /// Those of reading and writing; [`io::ErrorKind::InvalidInput`] for a name above 65 535 bytes.
    pub(crate) fn entry(&mut self, name: &str, time: DosTime, data: impl Read) -> io::Result<()> {
        let offset = self.written;
        let mut head = Record::new(0x0403_4b50);
        head.short(VERSION.0)
            .short(FLAGS)
            .short(DEFLATE)
            .short(time.time)
            .short(time.date);
        head.int(0).int(0).int(0).name(name)?;
        self.put(&head.0)?;
        let start = self.written;
        let (crc, size) = self.store(data)?;
        let compressed = self.written - start;

        let mut descriptor = Record::new(0x0807_4b50);
        descriptor.int(crc);
        if compressed >= u64::from(MAGIC) || size >= u64::from(MAGIC) {
            descriptor.long(compressed).long(size);
        } else {
            descriptor.int(clip(compressed)).int(clip(size));
        }
        self.put(&descriptor.0)?;
        self.entries.push(Entry {
            name: name.to_owned(),
            time,
            method: DEFLATE,
            flags: FLAGS,
            crc,
            compressed,
            size,
            offset,
        });
        Ok(())
    }

    /// Writes the central directory and gives the target back, not flushed.
    ///
    /// # Errors
    /// Those of writing.
    pub(crate) fn finish(mut self) -> io::Result<W> {
        let start = self.written;
        let entries = std::mem::take(&mut self.entries);
        for entry in &entries {
            self.put(&central(entry)?)?;
        }
        let end = end(entries.len(), start, self.written);
        self.put(&end)?;
        Ok(self.out)
    }

    /// Writes `data` as stored blocks; the last one, marked so, is always short. Gives CRC-32 and
    /// size.
    fn store(&mut self, mut data: impl Read) -> io::Result<(u32, u64)> {
        let mut crc = Crc::new();
        let mut size = 0;
        let mut block = Vec::new();
        loop {
            block.clear();
            data.by_ref().take(BLOCK).read_to_end(&mut block)?;
            let full = block.len() as u64 == BLOCK;
            let length = u16::try_from(block.len()).map_err(io::Error::other)?;
            let [low, high] = length.to_le_bytes();
            self.put(&[u8::from(!full), low, high, !low, !high])?;
            self.put(&block)?;
            crc.update(&block);
            size += u64::from(length);
            if !full {
                return Ok((crc.sum(), size));
            }
        }
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.written += bytes.len() as u64;
        self.out.write_all(bytes)
    }
}

impl<W: Write + Seek> JavaZip<W> {
    /// Adds an entry of `size` zeros as a hole of the file. The one thing here that FME Flow does
    /// not write: stored blocks have headers, which would leave no hole large enough. So it is an
    /// entry of method 0, as Java writes those.
    ///
    /// # Errors
    /// Those of writing; [`io::ErrorKind::InvalidInput`] for a name above 65 535 bytes or a size
    /// that needs zip64.
    #[allow(dead_code)] // not every program that includes this writer digs holes
    pub(crate) fn hole(&mut self, name: &str, time: DosTime, size: u64) -> io::Result<()> {
        let too_large = |_| io::Error::new(io::ErrorKind::InvalidInput, "a hole above 4 GiB");
        let (short, crc) = (u32::try_from(size).map_err(too_large)?, crc_of_zeros(size));
        let offset = self.written;
        let mut head = Record::new(0x0403_4b50);
        head.short(VERSION.0)
            .short(UTF8)
            .short(STORE)
            .short(time.time)
            .short(time.date);
        head.int(crc).int(short).int(short).name(name)?;
        self.put(&head.0)?;
        self.out.seek(SeekFrom::Current(i64::from(short)))?;
        self.written += size;
        self.entries.push(Entry {
            name: name.to_owned(),
            time,
            method: STORE,
            flags: UTF8,
            crc,
            compressed: size,
            size,
            offset,
        });
        Ok(())
    }
}

/// CRC-32 of `size` zeros, without going through them: each step doubles the length.
#[allow(dead_code)] // as above
fn crc_of_zeros(size: u64) -> u32 {
    let mut sum = Crc::new();
    for bit in (0..u64::BITS).rev() {
        let mut half = Crc::new();
        half.combine(&sum);
        sum.combine(&half);
        if size >> bit & 1 == 1 {
            sum.update(&[0]);
        }
    }
    sum.sum()
}

/// An entry's record in the central directory; only here does Java write zip64 fields.
fn central(entry: &Entry) -> io::Result<Vec<u8>> {
    let mut zip64 = Record(Vec::new());
    for value in [entry.size, entry.compressed, entry.offset] {
        if value >= u64::from(MAGIC) {
            zip64.long(value);
        }
    }
    let mut extra = Record(Vec::new());
    let version = if zip64.0.is_empty() {
        VERSION.0
    } else {
        extra.short(1).length(zip64.0.len())?;
        extra.0.append(&mut zip64.0);
        VERSION.1
    };
    let mut record = Record::new(0x0201_4b50);
    record
        .short(version)
        .short(version)
        .short(entry.flags)
        .short(entry.method);
    record
        .short(entry.time.time)
        .short(entry.time.date)
        .int(entry.crc);
    record.int(clip(entry.compressed)).int(clip(entry.size));
    record.length(entry.name.len())?.length(extra.0.len())?;
    record
        .short(0)
        .short(0)
        .short(0)
        .int(0)
        .int(clip(entry.offset)); // comment, disk, attributes
    record.0.extend_from_slice(entry.name.as_bytes());
    record.0.append(&mut extra.0);
    Ok(record.0)
}

/// The end records of a central directory of `count` entries in the bytes `start..end`.
fn end(count: usize, start: u64, end: u64) -> Vec<u8> {
    let (count, length) = (count as u64, end - start);
    let short_count = u16::try_from(count).unwrap_or(MAGIC_COUNT);
    let mut record = Record(Vec::new());
    if short_count == MAGIC_COUNT || length >= u64::from(MAGIC) || start >= u64::from(MAGIC) {
        record
            .int(0x0606_4b50)
            .long(44)
            .short(VERSION.1)
            .short(VERSION.1)
            .int(0)
            .int(0);
        record.long(count).long(count).long(length).long(start);
        record.int(0x0706_4b50).int(0).long(end).int(1);
    }
    record
        .int(0x0605_4b50)
        .short(0)
        .short(0)
        .short(short_count)
        .short(short_count);
    record.int(clip(length)).int(clip(start)).short(0);
    record.0
}

/// A value for a 32-bit field, or the mark that it does not fit.
fn clip(value: u64) -> u32 {
    u32::try_from(value).unwrap_or(MAGIC)
}

/// Little-endian fields, one after the other.
struct Record(Vec<u8>);

impl Record {
    fn new(signature: u32) -> Self {
        Self(signature.to_le_bytes().to_vec())
    }

    fn short(&mut self, value: u16) -> &mut Self {
        self.0.extend_from_slice(&value.to_le_bytes());
        self
    }

    fn int(&mut self, value: u32) -> &mut Self {
        self.0.extend_from_slice(&value.to_le_bytes());
        self
    }

    fn long(&mut self, value: u64) -> &mut Self {
        self.0.extend_from_slice(&value.to_le_bytes());
        self
    }

    fn length(&mut self, value: usize) -> io::Result<&mut Self> {
        let value = u16::try_from(value)
            .map_err(|_| io::Error::new(io::ErrorKind::InvalidInput, "name above 65535 bytes"))?;
        Ok(self.short(value))
    }

    /// The lengths of name and (no) extra field, then the name.
    fn name(&mut self, name: &str) -> io::Result<()> {
        self.length(name.len())?.short(0);
        self.0.extend_from_slice(name.as_bytes());
        Ok(())
    }
}
