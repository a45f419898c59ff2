//! A hash that is quick without optimisation: the exploration asks millions of times whether it knows a state.

use std::hash::{BuildHasherDefault, Hasher};

/// A map whose keys nobody chooses to make it slow.
pub type Map<K, V> = std::collections::HashMap<K, V, BuildHasherDefault<Multiply>>;

#[derive(Default)]
pub struct Multiply(u64);

impl Multiply {
    fn add(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}

impl Hasher for Multiply {
    fn finish(&self) -> u64 {
        self.0.rotate_left(26)
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.add(u64::from(*byte));
        }
    }

    fn write_u8(&mut self, word: u8) {
        self.add(u64::from(word));
    }

    fn write_u32(&mut self, word: u32) {
        self.add(u64::from(word));
    }

    fn write_isize(&mut self, word: isize) {
        self.add(word.unsigned_abs() as u64);
    }

    fn write_usize(&mut self, word: usize) {
        self.add(word as u64);
    }
}
