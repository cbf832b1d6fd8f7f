//! Lines and titles, and what they say.

use super::*;

#[test]
fn lines_that_say_not_yet_are_known() {
    for line in [
        "FOR RELEASE 00:01 THURSDAY 20 MAY 2027",
        "For release: 20 May 2027",
        "E M B A R G O E D until 20 May 2027",
        "**E M B A R G O E D   U N T I L   20 May 2027**",
        "E M B A R G O E D",
        "S T R I C T L Y   E M B A R G O E D",
        "S T R I C T L Y\tE M B A R G O E D",
        "S T R I C T L Y E M B A R G O E D until 20 May 2027",
        "E M B A R G O E D U N T I L 20 May 2027",
        "S T R I C T L Y   C O N F I D E N T I A L",
        "D R A F T",
        "Cardiff, 20 May 2027 – embargoed",
        "Cardiff, 20 May 2027 (strictly embargoed)",
        "London | 00:01, 20 May 2027 | UNDER EMBARGO",
        "Publish: 20 May 2027",
        "Publish Thursday 20 May 2027, 00:01",
        "Release on 20 May 2027",
        "Not for publication or broadcast before 00.01 on 20 May 2027",
        "Not to be quoted before 20 May 2027",
        "No publication before 20 May 2027",
        "Under wraps until 20 May 2027",
        "Time of release: 00:01 20 May 2027",
        "I'w ryddhau ar 20 Mai 2027",
        "I’W RYDDHAU AM 00:01 DYDD IAU 20 MAI 2027",
        "Ddim i’w gyhoeddi cyn 20 Mai 2027",
        "NI CHANIATEIR CYHOEDDI CYN 20 MAI 2027",
        "Peidiwch â chyhoeddi cyn 20 Mai 2027",
        "RHYDDHAU: 20 Mai 2027",
        "1. For release 20 May 2027",
        "EMBAR\u{ad}GOED UNTIL 20 MAY 2027",
        "EMB\u{200b}ARGOED UNTIL 20 MAY 2027",
        "Ｅｍｂａｒｇｏｅｄ until 20 May 2027",
        "**FOR RELEASE: Thursday, May 20, 2027**",
        "Not for publication before 00:01 on 20 May 2027",
        "Hold until 20 May 2027",
        "HOLD FOR RELEASE 20 MAY",
        "Do not publish before 20 May 2027",
        "Release date: 20 May 2027",
        "Strictly embargoed until Thursday 20 May",
        "This report is under embargo until 20 May 2027",
        "| Embargo | 20 May 2027 |",
        "<p>Embargoed until 20 May 2027</p>",
        "Under strict embargo until 00:01, 20/05/2027",
        "EMBARGOED TO 0001 HRS THURSDAY 20 MAY 2027",
        "EMBARGO – 20 May 2027, 00.01",
        "EMBARGO: 2027-05-20",
        "EMBARGOED UNTIL MAY 2027",
        "Embargoed until 1900 hrs 20 May 2027",
        "Sperrfrist: 20. Mai 2027",
        "Sous embargo jusqu’au 20 mai 2027",
        "## Embargoed until 20 May 2027, 00:01",
        "EMBARGOED",
        "[Draft v2]",
        "# DRAFT",
        "DRAFT v3 – 4 January 2027",
        "STRICTLY CONFIDENTIAL",
        "Private and confidential",
        "Confidential: not for publication",
        "**Status:** draft",
        "Document status: Draft v2",
        "Not for publication.",
    ] {
        assert_eq!(opening(line, false).map(|notice| notice.sure), Some(Sure::Plainly), "{line}");
    }
    for line in
        ["Confidential", "Draft for comment", "(draft)", "Embargoed until Thursday", "Publication date: 20 May 2027"]
    {
        assert_eq!(opening(line, false).map(|notice| notice.sure), Some(Sure::Perhaps), "{line}");
    }
    for line in [
        "FOR IMMEDIATE RELEASE",
        "Press release on 20 May 2027",
        "Release on 20 May 2027 of the figures for rents",
        "Publish 20 May 2027 figures now, say members",
        "Publish: a guide",
        "A B C of rents",
        "Cardiff, 20 May 2027 – oil embargoed",
        "What we said on 20 May 2027 – embargo",
        "Cardiff – embargoed",
        "Goods that were bought before 20 May 1973 – embargoed",
        "Rhyddhau data: beth nesaf yn 2027",
        "No release of data before the census of 2027",
        "2027. A year of embargoes",
        "Press release: 14 May 2027",
        "Embargoes on trade were lifted in 2027.",
        "Embargo on Russian oil: what changes on 5 December 2027",
        "Embargo policy 2027",
        "Embargo, 1973",
        "The embargo of 20 May 1973 changed all.",
        "Draft Budget 2027: what it says",
        "Confidential sources told us that rents rose.",
        "Hold the date: 20 May 2027",
        "For release conditions see the annex of 20 May 2027.",
        "To be published by Routledge in 2027.",
        "Status: complete",
        "[Draft Bill](https://www.example.org/)",
        "İ",
        "DRAFTİ",
    ] {
        assert_eq!(opening(line, false), None, "{line}");
    }
}

#[test]
fn titles_that_say_not_yet_are_known() {
    for text in [
        "EMBARGOED: Rents",
        "DRAFT: Rents",
        "DRAFT. Rents",
        "[draft] Rents",
        "Rents (DRAFT)",
        "Rents – DRAFT",
        "Our rents DRAFT v2",
        "NOT FOR PUBLICATION: Rents",
        "D R A F T: Rents",
        "[D R A F T] Rents",
        "E M B A R G O E D until 20 May 2027: Rents",
        "D\u{ad}RAFT: Rents",
        "ＤＲＡＦＴ: Rents",
    ] {
        assert_eq!(title(text).map(|notice| notice.sure), Some(Sure::Plainly), "{text}");
    }
    for text in ["Draft: rents", "Rents (draft)", "EMBARGOED: THE STORY OF CUBA", "Embargoed: rents"] {
        assert_eq!(title(text).map(|notice| notice.sure), Some(Sure::Perhaps), "{text}");
    }
    for text in ["Draft Budget 2027", "Embargo: Cuba", "Brexit - Draft Agreement", "Private: rents", "Rents (2027)"] {
        assert_eq!(title(text), None, "{text}");
    }
}
