//! The strings that the witnesses read: what went wrong somewhere once, what is one character away from it, and chance.
//!
//! The list is the same on every machine: chance comes from a small generator with a fixed seed.

/// How many strings are made by chance, beside the lists; some of them are equal.
const BY_CHANCE: usize = 130_000;

/// All strings: the tricky ones, every text of one or two characters, and those by chance.
pub(crate) fn all() -> Vec<String> {
    let mut strings = listed();
    strings.extend(by_chance(BY_CHANCE));
    distinct(strings)
}

/// The strings that are not left to chance.
pub(crate) fn listed() -> Vec<String> {
    let mut strings = tricky();
    strings.extend(short());
    distinct(strings)
}

fn distinct(mut strings: Vec<String>) -> Vec<String> {
    strings.sort();
    strings.dedup();
    strings
}

/// Strings that some writer or reader of YAML gets wrong.
pub(crate) fn tricky() -> Vec<String> {
    let words = "y n yes no on off true false null nan inf infinity none undefined ~ = << < > !! !<tag>";
    let numbers = "0 00 07 08 0x 0x1f 0X1F 0xg 0b1 0b2 0B1 0o7 0o8 0O7 1_000 0_1 1__0 _1 1_ 1e3 1E3 1e+3 1e-3 1e 1.e3 .5 5. .5e1 \
        -.5 +.5 -0 +0 -1 +1 +-1 --1 1.5 1.5.6 1,000 1,5 1.000,5 0.1e-9 685_230.15 6.8523015e+5 190:20:30 190:20:30.15 12:30 12:30:45 1:2 \
        01:02:03 24:00 60:60 05154016 05154 12345678901234567890 0x7fffffffffffffff 9223372036854775808 1e400 -0b1 -0x1 +0x1 -0o7 0x1p4 1p4 \
        0xdeadbeef deadbeef 1e5f 3e5f0a 0e0 1d 1f 1L 10Gi 500m 1.2.3 v1.2.3 1.2 2.10 1-2 1/2 1% 100Mi 1k 1E 1e1e1 10.0.0.1 10.42.0.0/16 ::1 fe80::1";
    let dates = "2026-11-23 2026-1-2 2026-11-23T10:00:00Z 2026-11-23T10:00:00+01:00 2026-11-23t10:00:00z 2026-11 20261123 2026-13-45 \
        0001-01-01 2026-11-23T10 2026-W48 --11-23";
    let marks = "- -- --- ---- ... .. . ? : , [ ] { } # & * ! | > ' \" % @ ` -a --a --- ?a :a ,a [a ]a {a }a #a &a *a !a |a >a 'a \"a %a @a `a \
        a- a? a: a, a[ a] a{ a} a# a& a* a! a| a> a' a\" a% a@ a` a:b a#b a,b a[b] a{b} http://a.b:80/c?d=e#f key:value {a:b} [a,b] 'a' \"a\" '' \
        \"\" '''' \\ \\n \\\" a\\b $ $(A) ${A} {{a}} ( ) ; ^ / _ .a ./a ../a .inf .Inf .INF -.inf +.inf -.INF .nan .NaN .NAN ..inf .i .n -i +a -inf +inf \
        |- |+ >- |2 *alias &anchor !tag !!str %YAML %TAG @at";
    let spaced = [
        "",
        " ",
        "  ",
        " a",
        "a ",
        " a ",
        "a  b",
        "a b",
        "a: b",
        "a : b",
        "a :b",
        ": a",
        " : ",
        "a #b",
        "a # b",
        "a# b",
        "# a",
        " #",
        "- a",
        "-  a",
        "- - a",
        "? a",
        "? a : b",
        "! a",
        "& a",
        "* a",
        "a, b",
        "[a, b]",
        "{a: b}",
        "{a: b",
        "a: ",
        "a:\t",
        "a\t#b",
        "- ",
        "? ",
        "--- a",
        "... a",
        "---\ta",
        "2026-11-23 10:00:00",
        "2026-11-23 10:00:00.5",
        "2026-11-23 10:00:00 Z",
        "1 000",
        "0 3 * * *",
        "15 * * * *",
        "*/5 * * * *",
        "22:00-04:00",
        "<< : a",
        "yes no",
        "%YAML 1.1",
        "a 'b' \"c\"",
        "Stadt Goch",
    ];
    let lines = [
        "\n",
        "\n\n",
        "a\n",
        "a\n\n",
        "a\n\n\n",
        "\na",
        "\n\na",
        "\n a",
        " \na",
        "a\nb",
        "a\nb\n",
        "a\n\nb",
        "a\n b",
        "a\n  b\n c",
        " a\nb",
        "  a\n b",
        "\ta\nb",
        "a\n\tb",
        "a\n\n\tb",
        "\n\ta",
        "\t\na",
        "a\n \nb",
        "a\n  \n",
        "a\n\t\nb",
        "a \nb",
        "a\t\nb",
        "a\n ",
        "a\n\t",
        "---\na",
        "a\n---\nb",
        "a\n---",
        "...\na",
        "a\n...\nb",
        "#a\nb",
        "# a\n# b\n",
        "a\n#b",
        "a: b\nc: d\n",
        "- a\n- b\n",
        "|\na",
        "\"a\nb\"",
        "%a\nb",
        "#!/bin/sh\nset -e\n\nif true; then\n  echo x\nfi\n",
        "a\r\nb",
        "a\rb",
        "\r",
        "\r\n",
        "a\r",
        "\ra",
        "a\nb\r\n",
        "{\n  \"a\": 1\n}\n",
        "a\n\n\n b",
        "a\n b\n\n",
        "a\n\u{a0}\nb",
        "\u{a0}a\nb",
        "a\n\u{85}b",
        "a\u{2028}\nb",
        "a\u{2029}b\n",
        "\u{feff}a\nb",
        "ä\nö\nü\n",
        "a\n\u{0}",
        "a\n🚀\n",
    ];
    let strange = [
        "\u{0}",
        "\u{1}",
        "\u{7}",
        "\u{8}",
        "\t",
        "\ta",
        "a\t",
        "a\tb",
        "\u{b}",
        "\u{c}",
        "\u{1b}",
        "\u{1f}",
        "\u{7f}",
        "\u{80}",
        "\u{84}",
        "\u{85}",
        "\u{86}",
        "\u{9f}",
        "\u{a0}",
        "\u{ad}",
        "a\u{85}b",
        "\u{85}a",
        "\u{1680}",
        "\u{2003}",
        "\u{200b}",
        "\u{200d}",
        "\u{200e}",
        "\u{2028}",
        "\u{2029}",
        "\u{202e}",
        "\u{2060}",
        "\u{3000}",
        "\u{d7ff}",
        "\u{e000}",
        "\u{f8ff}",
        "\u{fdd0}",
        "\u{feff}",
        "\u{feff}a",
        "a\u{feff}",
        "\u{fffd}",
        "\u{fffe}",
        "\u{ffff}",
        "\u{10000}",
        "\u{1f680}",
        "\u{1fffe}",
        "\u{e0001}",
        "\u{e0100}",
        "\u{10ffff}",
        "ä",
        "Übach",
        "Kreis Kleve – Nord",
        "日本",
        "ا",
        "é",
        "e\u{301}",
        "\u{301}a",
        "ﬁ",
        "İ",
        "ß",
        "½",
        "²",
        "٣",
        "𝟘",
        "👩\u{200d}💻",
    ];
    let mut strings: Vec<String> = Vec::new();
    for word in words.split_whitespace() {
        strings.extend([word.into(), word.to_uppercase(), title(word), format!("{word}x"), format!("{word} {word}")]);
    }
    strings.extend([numbers, dates, marks].iter().flat_map(|list| list.split_whitespace()).map(String::from));
    strings.extend([&spaced[..], &lines, &strange].concat().into_iter().map(String::from));
    for length in [80, 127, 128, 200, 998, 999, 1000, 1001, 1022, 1023, 1024, 1025, 1030, 5000] {
        strings.extend(
            ["a", "1", "é", "a ", "\"", "a\n", "\u{1}", "a: "].map(|part| part.repeat(length / part.chars().count())),
        );
    }
    distinct(strings)
}

fn title(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// Every text of one or two characters of ASCII.
fn short() -> impl Iterator<Item = String> {
    let ascii = || (0..=127_u8).map(char::from);
    ascii()
        .map(String::from)
        .chain(ascii().flat_map(move |first| ascii().map(move |second| [first, second].iter().collect())))
}

/// Strings by chance, each from one alphabet: numbers, marks, words, lines, any character.
fn by_chance(count: usize) -> impl Iterator<Item = String> {
    let alphabets: [&[&str]; 6] = [
        &[
            "0",
            "1",
            "7",
            "9",
            "_",
            ".",
            "-",
            "+",
            ":",
            "e",
            "E",
            "x",
            "o",
            "b",
            "f",
            "p",
            "T",
            "Z",
            " ",
            ",",
            "2026-11-23",
            "0x",
            "0b",
        ],
        &[
            "a", " ", ":", "#", "-", "?", ",", "[", "]", "{", "}", "&", "*", "!", "|", ">", "'", "\"", "%", "@", "`",
            "\\", "=", "<", "~", ".", "\t",
        ],
        &[
            "y", "n", "o", "on", "no", "off", "yes", "true", "false", "null", "Y", "NO", "~", "<<", ".inf", ".nan",
            "-", " ", "_",
        ],
        &[
            "a", "b c", "\n", "\n", "\n\n", " ", "  ", "\t", "# x", "- y", "k: v", "---", "...", "\r\n", "|", "é",
            "\u{a0}", "\u{85}",
        ],
        &[
            "spec", "/", "-", ".", "web", "8080", "Gi", "m", "{{ x }}", "$(A)", "@sha256:", "https://", "*", ",", "=",
            " ", ":", "Ü",
        ],
        &[],
    ];
    let mut chance = Chance(0x9e37_79b9_7f4a_7c15);
    (0..count).map(move |at| {
        let alphabet = alphabets[at % alphabets.len()];
        let length = chance.below(12);
        (0..=length)
            .map(|_| match alphabet {
                [] => chance.character().to_string(),
                _ => alphabet[chance.below(alphabet.len())].into(),
            })
            .collect()
    })
}

/// xorshift64*: no dependency, and the same numbers for ever.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let number = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(number).expect("31 bits fit") % limit
    }

    /// A character, near the start of Unicode more often than far out.
    fn character(&mut self) -> char {
        let limit = [0x80, 0x100, 0x3000, 0x1_0000, 0x11_0000][self.below(5)];
        u32::try_from(self.below(limit)).ok().and_then(char::from_u32).unwrap_or('a')
    }
}
