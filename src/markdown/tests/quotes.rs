//! Quotation marks beside words, numbers and letters of other scripts.

use super::*;

#[test]
fn a_mark_after_a_word_closes() {
    let table = [
        ("A 6\" pipe and a 12\" ruler.", "A 6” pipe and a 12” ruler."),
        ("He was 6'2\" tall.", "He was 6’2” tall."),
        (
            "\"This quotation begins here\n\nand ends here,\" he said.",
            "“This quotation begins here\nand ends here,” he said.",
        ),
        ("قال \"نعم\" ثم ذهب", "قال “نعم” ثم ذهب"),
        ("Rock 'n' roll, fish 'n' chips", "Rock ’n’ roll, fish ’n’ chips"),
        ("The '90s and the 1990's; class of '45", "The ’90s and the 1990’s; class of ’45"),
        ("Jane's, the students' work", "Jane’s, the students’ work"),
        ("\"Quote,\" she said. (\"In brackets.\") [\"Square\"]", "“Quote,” she said. (“In brackets.”) [“Square”]"),
        ("\"'Nested' quote,\" and '\"the other\" way'", "“‘Nested’ quote,” and ‘“the other” way’"),
        ("**\"Bold\"** and *\"slanted\"* and \"**bold**\"", "“Bold” and “slanted” and “bold”"),
        ("word—\"quote\"—word", "word—“quote”—word"),
        ("(\"a\"), /\"b\"/, \"c\"/\"d\", x=\"y\"", "(“a”), /“b”/, “c”/“d”, x=“y”"),
        ("\"5 to 10\" and \"£5m\" and \"…and so\"", "“5 to 10” and “£5m” and “…and so”"),
        ("A 5'10\" man, 51°30'26\" N, 3'", "A 5’10” man, 51°30’26” N, 3’"),
        ("the \"A\" word; \"A\"s and \"B\"s; a \"t\"", "the “A” word; “A”s and “B”s; a “t”"),
        ("7\" single \"Hello\" on 12\" vinyl", "7” single “Hello” on 12” vinyl"),
        ("\"6\" pipe\"", "“6” pipe”"),
        ("* \"one\"\n* \"two\n* three\"", "“one”\n“two\nthree”"),
        ("שלום \"עולם\" ארה\"ב צה\"ל", "שלום “עולם” ארה”ב צה”ל"),
        ("中文\"引号\"文字 and 日本\"語\"", "中文“引号”文字 and 日本“語”"),
        ("\"He said \"no\" to us\"", "“He said “no” to us”"),
        ("| \"a\" | 6\" |\n|---|---|\n| 'b' | \"c\" |", "“a” 6”\n‘b’ “c”"),
        ("\" quoted \" and \" open", "“ quoted ” and “ open"),
        ("the 80's, '80s' style, '85-'86", "the 80’s, ’80s’ style, ’85-’86"),
        ("<b>\"x\"</b>\"y\" <i>6</i>\"", "“x”“y” 6”"),
        ("H~2~\"x\" x^2^\" and 5^th^\"", "H2“x” x2” and 5th”"),
        ("و\"نعم\" و(\"لا\")، \"نعم\".", "و“نعم” و(“لا”)، “نعم”."),
        ("ב\"הארץ\" נכתב, \"כן\"ו", "ב“הארץ” נכתב, “כן”ו"),
        ("\"한국\"은 나라다. 그는 \"네\"라고 했다.", "“한국”은 나라다. 그는 “네”라고 했다."),
        ("彼は\"はい\"と言った。\"はい\"", "彼は“はい”と言った。“はい”"),
        ("> \"Quoted paragraph\n>\n> ends here.\"", "“Quoted paragraph\nends here.”"),
        ("(6\") [6\"] 6\"; 6\", 6\". 6\"/7\" 6\"-7\" 6\"×4\"", "(6”) [6”] 6”; 6”, 6”. 6”/7” 6”-7” 6”×4”"),
        ("**6\"** pipe; 6**\"** and *6\"*", "6” pipe; 6**”** and 6”"),
        ("[6\"](/about/) pipes and \"[six](/about/)\"s", "6” pipes and “six”s"),
        ("«\"Inner\"» and the \"A\"-level, an \"A\"*", "«“Inner”» and the “A”-level, an “A”*"),
        ("\"…\" \"—\" \"?\" rock 'n roll, 'n', Guns N' Roses", "“…” “—” “?” rock ’n roll, ’n’, Guns N’ Roses"),
        (
            "'Tis, 'twas, O'Neill, l'été, Dwedodd \"Mae'r\" a 'dyna'r'",
            "’Tis, ’twas, O’Neill, l’été, Dwedodd “Mae’r” a ‘dyna’r’",
        ),
        ("He said:\n\"One.\"\n\"Two.\"", "He said: “One.” “Two.”"),
        ("\"a\",\"b\",\"c\"", "“a”,“b”,“c”"),
    ];
    let options = Options { smart_punctuation: true, ..options(HtmlPolicy::Sanitise) };
    let mut wrong = String::new();
    for (text, expected) in table {
        let found = plain_text(&read(&file(), text, 0, &options).value, &|_| None);
        if found != expected {
            wrong.push_str(&format!("{text}\n  gives    {found}\n  expected {expected}\n"));
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// A title and a text agree, mark by mark.
#[test]
fn a_line_is_set_as_a_text_is() {
    let smart = Options { smart_punctuation: true, ..options(HtmlPolicy::Sanitise) };
    let pieces = [
        "\"", "'", "a", "word ", " ", "6", "n", "80s ", ".", "...", "--", "---", "-", ",", "é", "(", ")", "?", "—",
        "ב", "s",
    ];
    let mut seed = 7_u64;
    let mut next = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).expect("31 bits")
    };
    let mut changed = 0;
    for _ in 0..20_000 {
        let length = next() % 12;
        let line: String = (0..length).map(|_| pieces[next() % pieces.len()]).collect();
        // So that no line begins with the mark of a list, or has blanks at its ends.
        let line = format!("x {line} x").split_whitespace().collect::<Vec<_>>().join(" ");
        let expected = plain_text(&read(&file(), &line, 0, &smart).value, &|_| None);
        assert_eq!(set(&line, &smart), expected, "{line}");
        assert_eq!(set(&expected, &smart), expected, "twice is once");
        changed += usize::from(expected != line);
    }
    assert!(changed > 10_000, "{changed}");
    let off = Options { smart_punctuation: false, ..smart.clone() };
    for (line, expected) in [
        ("The Mayor's \"plan\" -- and ours...", "The Mayor’s “plan” – and ours…"),
        ("'Tis the '80s: rock 'n' roll", "’Tis the ’80s: rock ’n’ roll"),
        ("dQw4w9--XcQ", "dQw4w9--XcQ"),
        ("2020--2024", "2020–2024"),
        ("O'Neill", "O’Neill"),
        ("Use `--fix` and \"read\"", "Use `--fix` and “read”"),
        ("See https://example.org/a--b?q='x' there's", "See https://example.org/a--b?q='x' there’s"),
        ("a--b@example.org isn't", "a--b@example.org isn’t"),
        ("\n\"Two\n\nlines\"\n", "\n“Two\n\nlines”\n"),
        ("", ""),
        ("'", "’"),
        ("\"", "“"),
        ("`", "`"),
        ("`'", "`’"),
        ("*Pride* & \"joy\" <b>", "*Pride* & “joy” <b>"),
    ] {
        assert_eq!(set(line, &smart), expected);
        assert_eq!(set(line, &off), line);
    }
}
