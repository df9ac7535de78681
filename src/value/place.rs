//! A place among several that a name always gets: what a whole fleet does at night is spread by it over the hours.

/// One of `count` places, always the same for the same name, and spread over all of them.
pub fn place_of(name: &str, count: usize) -> usize {
    // FNV-1a: stable across versions and machines, which a hasher of the standard library is not.
    let hash = name
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    // Names that differ in their last letter only would fall on every fourth place without this last step.
    let mixed = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    usize::try_from((mixed ^ (mixed >> 33)) % (count.max(1) as u64)).unwrap_or(0)
}
