//! Lists of lists in two flat vectors, and the one place where lengths become indices.

/// Which items each key has, in the order of the items.
#[derive(Debug, Clone, Default)]
pub(super) struct Lists {
    start: Vec<u32>,
    items: Vec<u32>,
}

impl Lists {
    /// Sorts items by key; item `i` has the key `keys[i]`, and one with a key of `count` or more is
    /// in no list.
    pub(super) fn by(keys: &[u32], count: usize) -> Self {
        let mut start = vec![0; count + 1];
        for &key in keys {
            if let Some(size) = start.get_mut(key as usize + 1) {
                *size += 1;
            }
        }
        for key in 0..count {
            start[key + 1] += start[key];
        }
        let (mut next, mut items) = (start.clone(), vec![0; start[count] as usize]);
        for (item, &key) in (0..).zip(keys) {
            if (key as usize) < count {
                items[next[key as usize] as usize] = item;
                next[key as usize] += 1;
            }
        }
        Self { start, items }
    }

    /// The items of a key.
    pub(super) fn of(&self, key: u32) -> &[u32] {
        let key = key as usize;
        &self.items[self.start[key] as usize..self.start[key + 1] as usize]
    }
}

/// A length or position as an index of 32 bits.
pub(super) fn index(position: usize) -> u32 {
    u32::try_from(position).expect("an instance is refused where it counts more than 2^32 of anything")
}
