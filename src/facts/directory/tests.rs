//! Exports as `ldifde` and `ldapsearch` write them, and the questions asked of them.

use proptest::prelude::*;

use super::*;
use crate::value::GroupName;

const EXPORT: &str = "\
dn: CN=GG_K8S_GOCH_Admins,OU=Gruppen,DC=krzn,DC=example\r
changetype: add\r
objectClass: top\r
objectClass: group\r
cn: GG_K8S_GOCH_Admins\r
sAMAccountName: GG_K8S_GOCH_Admins\r
groupType: -2147483646\r
whenChanged: 20260301120000.0Z\r
member: CN=Meier\\, Jan,OU=Benutzer,DC=krzn,DC=example\r
member: CN=DL_Alle,OU=Gruppen,DC=krzn,\r
 DC=example\r
\r
dn:: Q049TcO8bGxlcixPVT1HcnVwcGVuLERDPWtyem4sREM9ZXhhbXBsZQ==\r
changetype: add\r
objectClass: group\r
sAMAccountName: mueller\r
groupType: 2\r
\r
dn: CN=DL_Alle,OU=Gruppen,DC=krzn,DC=example\r
changetype: add\r
objectClass: group\r
sAMAccountName: DL_Alle\r
groupType: -2147483644\r
member: cn=gg_k8s_goch_admins,ou=gruppen,dc=krzn,dc=example\r
member: CN=Schulz\\, Eva,OU=Benutzer,DC=krzn,DC=example\r
\r
dn: CN=Meier\\, Jan,OU=Benutzer,DC=krzn,DC=example\r
changetype: add\r
objectClass: user\r
cn: Meier, Jan\r
";

fn directory() -> Directory {
    let (directory, findings) = read_directory(FileId(0), EXPORT);
    assert_eq!(findings, []);
    directory
}

fn name(text: &str) -> GroupName {
    GroupName::parse(text).unwrap()
}

fn findings(text: &str) -> Vec<(String, String)> {
    let found = read_directory(FileId(0), text).1;
    assert!(found.iter().all(|finding| ["malformed-file", "twice"].contains(&finding.code.name)));
    found.into_iter().map(|finding| (text[finding.span.range()].to_owned(), finding.message)).collect()
}

#[test]
fn groups_are_read_and_people_are_not() {
    let directory = directory();
    assert_eq!(directory.groups().len(), 3);
    let group = &directory.groups()[1];
    assert_eq!((group.dn.as_str(), group.cn.as_str()), ("CN=Müller,OU=Gruppen,DC=krzn,DC=example", "Müller"));
    assert!(!group.is_security_group());
    let admins = &directory.groups()[0];
    assert_eq!((admins.is_security_group(), admins.scope()), (true, Some(Scope::Global)));
    assert_eq!(directory.groups()[2].scope(), Some(Scope::DomainLocal));
    assert_eq!(admins.members[1], "CN=DL_Alle,OU=Gruppen,DC=krzn,DC=example");
    assert_eq!(&EXPORT[admins.span.range()], "CN=GG_K8S_GOCH_Admins,OU=Gruppen,DC=krzn,DC=example");
    assert_eq!(directory.newest_change(), Some(jiff::civil::date(2026, 3, 1)));
}

#[test]
fn a_name_is_found_by_spelling_by_entry_and_by_account() {
    let directory = directory();
    let admins = &directory.groups()[0];
    assert_eq!(directory.find(&name("CN=GG_K8S_GOCH_Admins,OU=Gruppen,DC=krzn,DC=example")), Match::Exact(admins));
    assert_eq!(directory.find(&name("gg_k8s_goch_admins")), Match::Exact(admins));
    assert_eq!(
        directory.find(&name("CN=GG_K8S_GOCH_Admins, OU=Gruppen, DC=krzn, DC=example")),
        Match::SpellingDiffers(admins)
    );
    assert_eq!(
        directory.find(&name("CN=gg_k8s_Goch_Admins,OU=Gruppen,DC=krzn,DC=example")),
        Match::SpellingDiffers(admins)
    );
    assert_eq!(directory.find(&name("CN=GG_K8S_GOCH_Admins,OU=Alt,DC=krzn,DC=example")), Match::Moved(admins));
    assert_eq!(directory.find(&name("GG_K8S_GOHC_Admins")), Match::None { nearest: vec!["GG_K8S_GOCH_Admins"] });
    assert_eq!(directory.find(&name("CN=Nobody,DC=krzn")), Match::None { nearest: vec![] });
}

#[test]
fn members_are_walked_through_groups_that_contain_each_other() {
    let directory = directory();
    let members = directory.effective_members(&directory.groups()[0]);
    assert_eq!((members.direct.len(), members.nested.len(), members.group_count()), (1, 1, 2));
    assert!(members.direct.contains("cn=meier\\, jan,ou=benutzer,dc=krzn,dc=example"));
    assert!(directory.effective_members(&directory.groups()[1]).is_empty());
    assert_eq!(directory.containers(&directory.groups()[0]).len(), 2);
}

#[test]
fn what_is_no_export_is_found_at_its_line() {
    assert_eq!(
        findings("dn: CN=a,DC=b\nchangetype: modify\nobjectClass: group\n"),
        [(
            "modify".to_owned(),
            "the file is a list of changes; expected an export, whose entries are all added".to_owned()
        )]
    );
    assert_eq!(findings("cn: a\nobjectClass: group\n")[0].1, "the entry begins with `cn`; expected `dn`");
    assert_eq!(
        findings("dn: a\nobjectClass: group\n")[0],
        ("a".to_owned(), "`a` is not a distinguished name: `a` is no `type=value`".to_owned())
    );
    assert_eq!(findings("dn: CN=a,DC=b\nobjectClass: group\ngroupType: x\n")[0].0, "x");
    assert_eq!(findings("dn CN=a,DC=b\nobjectClass: group\n").len(), 1);
    assert_eq!(findings("").len(), 1);
    assert_eq!(findings("dn: CN=a,DC=b\nobjectClass: user\n")[0].1, "the export has no group in it");
}

#[test]
fn a_group_that_stands_twice_shows_both_places() {
    let text = "dn: CN=a,DC=b\nobjectClass: group\n\ndn: cn=A,dc=b\nobjectClass: group\n";
    let found = read_directory(FileId(0), text).1;
    assert_eq!((found[0].code.name, found[0].span.start, found[0].others[0].span.start), ("twice", 38, 4));
}

#[test]
fn a_list_of_members_that_was_cut_off_is_found() {
    let cut = "dn: CN=a,DC=b\nobjectClass: group\nmember;range=0-1499: CN=x,DC=b\n";
    assert!(findings(cut)[0].1.contains("cut off"));
    let whole = format!("{cut}member;range=1500-*: CN=y,DC=b\n");
    assert_eq!(findings(&whole), []);
    assert_eq!(read_directory(FileId(0), &whole).0.groups()[0].members.len(), 2);
}

#[test]
fn what_ldapsearch_adds_is_passed_over() {
    let text = "version: 1\n\n# a, b\ndn: CN=a,DC=b\nobjectClass: group\n\n# search reference\nref: ldap://x\n\n# search result\nsearch: 2\nresult: 0 Success\n";
    let (directory, found) = read_directory(FileId(0), text);
    assert_eq!((directory.groups().len(), found), (1, vec![]));
    let text = "version: 1\ndn: CN=a,DC=b\nmember: CN=x,DC=b\n";
    assert_eq!(read_directory(FileId(0), text).0.groups().len(), 1);
}

proptest! {
    #![proptest_config(proptest::test_runner::Config { failure_persistence: None, ..Default::default() })]

    #[test]
    fn no_text_makes_it_panic(text in "(dn: |dn:: |CN=|objectClass: group|member: |[a,=: ü]|\n\n?){0,30}") {
        let (directory, found) = read_directory(FileId(0), &text);
        for finding in found {
            prop_assert!(text.get(finding.span.range()).is_some());
        }
        for group in directory.groups() {
            let _ = directory.effective_members(group);
        }
    }
}
