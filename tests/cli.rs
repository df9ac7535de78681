//! The binary as people and pipelines meet it: what is called, what comes out on which stream, and the exit code.
//!
//! Each test plays a few commands in a folder of its own and compares the transcript with `snapshots/cli/<name>.snap`.
//! Streams are pipes here, so there is neither colour nor anything drawn with more than ASCII.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A folder of its own, and what was played in it.
struct Stage {
    folder: tempfile::TempDir,
    transcript: String,
}

impl Stage {
    fn new() -> Self {
        Stage { folder: tempfile::tempdir().expect("a temporary folder can be made"), transcript: String::new() }
    }

    /// A folder with a workspace made by `init`.
    fn with_workspace() -> Self {
        let stage = Stage::new();
        assert!(stage.run(&["init"]).status.success());
        stage
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        create_folder(path.parent().expect("a file is in a folder"));
        #[expect(clippy::disallowed_methods, reason = "a test sets up the files that the binary meets")]
        std::fs::write(path, text).expect("a file can be written");
    }

    fn read(&self, name: &str) -> String {
        #[expect(clippy::disallowed_methods, reason = "a test looks at the files that the binary wrote")]
        std::fs::read_to_string(self.path(name)).expect("the file is there")
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the binary can be started")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_stadtplan"));
        command.args(arguments).current_dir(self.folder.path()).stdin(Stdio::null());
        command.env_remove("NO_COLOR").env_remove("RUST_BACKTRACE").env("LC_ALL", "C.UTF-8");
        command
    }

    /// Plays a command and writes down what happened.
    fn play(&mut self, arguments: &[&str]) -> &mut Self {
        let output = self.run(arguments);
        let shown: Vec<String> = arguments.iter().map(|argument| quoted(argument)).collect();
        let _ = writeln!(self.transcript, "$ {}", [&["stadtplan".to_owned()], shown.as_slice()].concat().join(" "));
        for (name, bytes) in [("stdout", &output.stdout), ("stderr", &output.stderr)] {
            let text = String::from_utf8_lossy(bytes).replace(&self.folder.path().display().to_string(), "[FOLDER]");
            if !text.is_empty() {
                let _ = write!(self.transcript, "[{name}]\n{text}");
            }
        }
        let _ = writeln!(self.transcript, "[exit {}]\n", output.status.code().unwrap_or(-1));
        self
    }

    /// Writes down a file.
    fn show(&mut self, name: &str) -> &mut Self {
        let text = self.read(name);
        let _ = writeln!(self.transcript, "$ cat {name}\n{text}");
        self
    }

    /// Compares the transcript with the one that was approved.
    fn matches(&self, name: &str) {
        insta::with_settings!({
            snapshot_path => "../snapshots/cli",
            prepend_module_to_snapshot => false,
            omit_expression => true,
        }, {
            insta::assert_snapshot!(name, self.transcript.trim_end());
        });
    }
}

fn create_folder(path: &Path) {
    std::fs::create_dir_all(path).expect("a folder can be made");
}

fn quoted(argument: &str) -> String {
    if argument.contains([' ', '*']) { format!("'{argument}'") } else { argument.to_owned() }
}

#[test]
fn version() {
    let output = Stage::new().run(&["--version"]);
    assert_eq!(String::from_utf8_lossy(&output.stdout), format!("stadtplan {}\n", env!("CARGO_PKG_VERSION")));
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn help() {
    let mut stage = Stage::new();
    stage.play(&["--help"]);
    for command in ["init", "new", "check", "build", "explain", "services", "completions"] {
        stage.play(&[command, "--help"]);
    }
    stage.matches("help");
}

#[test]
fn nothing_asked_is_answered_with_the_help() {
    let stage = Stage::new();
    let output = stage.run(&[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty() && String::from_utf8_lossy(&output.stderr).contains("Usage: stadtplan"));
}

#[test]
fn wrong_usage() {
    Stage::new()
        .play(&["chekc"])
        .play(&["check", "--fromat", "json"])
        .play(&["check", "--today", "31.12.2026"])
        .play(&["build", "--check", "--force"])
        .play(&["completions", "tcsh"])
        .matches("wrong-usage");
}

#[test]
fn wrong_usage_in_json() {
    let mut stage = Stage::new();
    stage
        .play(&["chekc", "--format", "json"])
        .play(&["check", "--format=json", "--tenant"])
        .play(&["check", "--format=json", "."])
        .matches("wrong-usage-json");
}

#[test]
fn no_workspace() {
    Stage::new()
        .play(&["check"])
        .play(&["build"])
        .play(&["new", "municipality", "goch", "--ags", "05154016"])
        .play(&["-C", "nowhere", "check"])
        .play(&["check", "--format", "short"])
        .matches("no-workspace");
}

#[test]
fn no_workspace_in_json() {
    Stage::new().play(&["check", "--format", "json"]).matches("no-workspace-json");
}

#[test]
fn explain_lists_and_helps_with_names() {
    Stage::new()
        .play(&["explain", "duplicate-ags"])
        .play(&["explain", "error[duplicate-asg]"])
        .play(&["explain", "elephant"])
        .matches("explain");
}

#[test]
fn every_code_is_listed_and_has_a_page() {
    let stage = Stage::new();
    let list = String::from_utf8(stage.run(&["explain"]).stdout).expect("the list is UTF-8");
    assert_eq!(list.lines().count(), stadtplan::diagnostic::codes::ALL.len());
    for line in list.lines() {
        let code = line.split(' ').next().expect("a line has a first word");
        let output = stage.run(&["explain", code]);
        assert!(String::from_utf8_lossy(&output.stdout).contains("How to fix"), "{code}");
    }
}

/// A service that says all that a declaration can say.
const RATHAUS: &str = r#"service rathaus summary="The town hall's own page, with a long summary that has to be broken into lines where the terminal is narrow" {
    parameter size type=enum default=small doc="How many people look at it" {
        value small doc="a town"
        value large doc="a Kreis"
    }
    parameter host type=host-name required=#true doc="Public name"
    parameter motto type=text default="Willkommen in {{ tenant.title }}"
    parameter note type=text
    needs valkey name=cache size="{{ size }}"
    needs postgresql if="{{ size == 'large' }}"
    requires cert-manager version="1.19"
    egress kube-api
    secret rathaus { generated SESSION_KEY; provided SMTP_PASSWORD doc="of the mail server"; }
    image web "registry.example.org/rathaus:1.0.0"
    volume uploads size="5Gi" class=gold access=many if="{{ size == 'large' }}"
    probe "https://{{ host }}/"
    export url "https://{{ host }}"
    pod-security baseline reason="the image runs as root"
}
"#;

#[test]
fn services_are_listed_and_each_has_a_page() {
    let mut stage = Stage::with_workspace();
    stage.write("services/rathaus/service.kdl", RATHAUS);
    stage.write("services/valkey/service.kdl", "service valkey summary=\"A cache of our own\"\n");
    stage
        .play(&["services", "rathaus"])
        .play(&["services", "valkey"])
        .play(&["services", "rathuas"])
        .play(&["services", "elephant"])
        .play(&["services", "elephant", "--format", "json"])
        .play(&["services", "rathaus", "--format", "json"])
        .matches("services");
}

#[test]
fn standard_services_are_listed_outside_of_a_workspace() {
    let stage = Stage::new();
    let text = |arguments: &[&str]| String::from_utf8(stage.run(arguments).stdout).expect("the output is UTF-8");
    let list = text(&["services"]);
    assert!(list.starts_with("Standard library\n") && !list.contains("This workspace"), "{list}");
    let json: serde_json::Value = serde_json::from_str(&text(&["services", "--format", "json"])).expect("it is JSON");
    let services = json["services"].as_array().expect("a list of services");
    assert!(services.len() > 3);
    for service in services {
        let name = service["name"].as_str().expect("a name");
        assert!(list.contains(&format!("\n  {name} ")), "{name}");
        let page = text(&["services", name]);
        assert!(page.starts_with(&format!("{name}: ")) && page.contains(&format!("\n  service {name}")), "{page}");
        assert!(page.lines().all(|line| line == line.trim_end() && line.chars().count() <= 150), "{page}");
    }
}

#[test]
fn completions_of_every_shell() {
    let stage = Stage::new();
    for (shell, expected) in [
        ("bash", "_stadtplan()"),
        ("zsh", "#compdef stadtplan"),
        ("fish", "complete -c stadtplan"),
        ("powershell", "Register-ArgumentCompleter"),
        ("elvish", "edit:completion"),
    ] {
        let output = stage.run(&["completions", shell]);
        assert!(String::from_utf8_lossy(&output.stdout).contains(expected), "{shell}");
        assert_eq!(output.status.code(), Some(0));
    }
}

#[test]
fn init_makes_a_workspace_once() {
    Stage::new()
        .play(&["init"])
        .show("stadtplan.kdl")
        .show("municipalities/goch.kdl")
        .play(&["init"])
        .play(&["init", "deep/down"])
        .play(&["-C", "deep/down", "init"])
        .matches("init");
}

#[test]
fn new_tenants_are_one_line() {
    Stage::with_workspace()
        .play(&["new", "municipality", "kreis-kleve", "--ags", "05154", "--title", "Kreis Kleve"])
        .show("municipalities/kreis-kleve.kdl")
        .play(&["new", "customer", "lippe", "--title", "Der \"Verband\"", "--cluster", "one", "--quota", "small"])
        .show("customers/lippe.kdl")
        .play(&["new", "municipality", "kreis-kleve", "--ags", "05154"])
        .play(&["new", "municipality", "Geldern", "--ags", "05154012"])
        .play(&["new", "municipality", "geldern", "--ags", "5154012"])
        .play(&["new", "municipality", "geldern"])
        .matches("new-tenants");
}

#[test]
fn new_services_are_a_folder() {
    Stage::with_workspace()
        .play(&["new", "service", "intranet"])
        .show("services/intranet/service.kdl")
        .show("services/intranet/deployment.yaml")
        .show("services/intranet/service.yaml")
        .play(&["new", "service", "intranet"])
        .matches("new-service");
}

#[test]
fn the_workspace_is_found_from_a_folder_below_it() {
    let stage = Stage::with_workspace();
    create_folder(&stage.path("municipalities/north"));
    for arguments in [&["-C", "municipalities/north", "check"], &["check", "-C", "municipalities"]] {
        assert_eq!(stage.run(arguments).status.code(), Some(0));
    }
}

/// What `init` makes and `new` adds compiles without a finding.
#[test]
fn a_new_workspace_is_built_and_checked() {
    let mut stage = Stage::with_workspace();
    stage.play(&["check"]).play(&["build"]).play(&["build"]).play(&["build", "--check"]);
    assert_eq!(stage.run(&["new", "municipality", "kreis-kleve", "--ags", "05154"]).status.code(), Some(0));
    assert_eq!(
        stage
            .run(&["new", "customer", "lippe", "--title", "Lippeverband", "--cluster", "one", "--quota", "small"])
            .status
            .code(),
        Some(0)
    );
    assert_eq!(stage.run(&["new", "service", "intranet"]).status.code(), Some(0));
    stage.write("customers/lippe.kdl", "customer lippe title=\"Lippeverband\" cluster=one {\n    quota small\n    access { admin GG_EXT_Lippe_Admins; }\n    service intranet\n}\n");
    stage.play(&["check", "--format", "short"]).play(&["build", "--check"]).play(&["build", "--tenant", "lippe"]);
    stage.play(&["build", "--out", "elsewhere"]);
    assert!(stage.path("elsewhere/bootstrap.yaml").is_file());
    stage.matches("build");
}

/// What only people know is counted, and listed where they find it; a value that was written down is not repeated.
#[test]
fn a_second_build_has_nothing_to_do_until_something_changes() {
    let mut stage = Stage::with_workspace();
    stage.play(&["build"]).play(&["build"]);
    assert!(stage.path(".stadtplan/receipt.json").is_file(), "a build without a finding leaves a receipt");
    assert_eq!(stage.read(".stadtplan/.gitignore"), "*\n");
    stage.play(&["new", "municipality", "rees", "--ags", "05154044"]).play(&["build"]).play(&["build"]);
    stage.matches("a_second_build");
}

#[test]
fn values_for_people_to_fill_in_are_told() {
    let mut stage = Stage::new();
    stage.write(
        "stadtplan.kdl",
        r#"platform example domain="example.org" {
    secrets external-secrets vault="https://vault.example.org"
}
cluster one {
    rancher-id c-m-abcd1234
    kubernetes "v1.34.5+rke2r1"
    nodes 3 cpu=16 memory="64Gi" pods=110
    provides external-secrets version="2.9.0"
}
quota small cpu=8 memory="16Gi" storage="200Gi" pods=60
defaults municipality { cluster one; quota small; access { admin "GG_{{ tenant.name }}"; }; service mail; }
municipality goch ags="05154016"
municipality kalkar ags="05154024"
"#,
    );
    let service = r#"service mail summary="Sends reminders" {
    secret mail { provided USER PASSWORD doc="the mailbox, from the town's own provider"; }
    parameter password type=text doc="The old way"
}
"#;
    stage.write("services/mail/service.kdl", service);
    stage.play(&["build"]).show("out/one/goch/secrets.csv").play(&["build", "--tenant", "kalkar"]);
    stage.write("kevelaer.kdl", "municipality kevelaer ags=\"05154032\" { service mail password=Winter2024; }\n");
    stage.play(&["check"]);
    assert!(!stage.transcript.contains("Winter"), "{}", stage.transcript);
    stage.matches("secrets");
}

#[test]
fn findings_in_each_form() {
    let mut stage = Stage::with_workspace();
    stage.write(
        "municipalities/goch.kdl",
        "municipality goch ags=\"05154016\" titel=\"Stadt Goch\" {\n    quota smal\n}\n",
    );
    for form in ["human", "short", "json"] {
        stage.play(&["check", "--format", form]);
    }
    stage.play(&["build", "--format", "short"]).matches("findings");
    assert!(stage.path("out").metadata().is_err(), "beside an error nothing is written");
}

/// One tenant's editor is not shown the faults of others, and is told that there are some.
#[test]
fn findings_of_other_tenants_are_counted() {
    let mut stage = Stage::with_workspace();
    stage.write(
        "municipalities/kreis-kleve.kdl",
        "municipality emmerich ags=\"05154008\" {\n    quota smal\n}\nmunicipality uedem ags=\"05154056\"\n",
    );
    stage.play(&["check", "--tenant", "uedem"]).matches("findings-of-others");
}

#[test]
fn an_unknown_tenant_is_wrong_usage() {
    let mut stage = Stage::with_workspace();
    stage.play(&["check", "--tenant", "gooch"]).play(&["build", "--tenant", "elephant"]);
    stage.play(&["check", "--tenant", "gooch", "--format", "json"]).matches("unknown-tenant");
}

#[test]
fn a_file_edited_by_hand_is_kept_until_forced() {
    let mut stage = Stage::with_workspace();
    assert_eq!(stage.run(&["build"]).status.code(), Some(0));
    stage.write("out/bootstrap.yaml", "mine: true\n");
    stage.play(&["build"]).play(&["build", "--check"]);
    assert_eq!(stage.read("out/bootstrap.yaml"), "mine: true\n");
    stage.play(&["build", "--force"]).play(&["build", "--check"]).matches("edited-by-hand");
}

#[test]
fn a_foreign_file_in_the_output_stops_a_build() {
    let stage = Stage::with_workspace();
    stage.write("out/notes.txt", "mine\n");
    let output = stage.run(&["build", "--format", "short"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stdout).starts_with("error: `notes.txt` is in the output folder"));
    assert_eq!(stage.run(&["build", "--check"]).status.code(), Some(3));
    assert_eq!(stage.read("out/notes.txt"), "mine\n");
}

#[cfg(unix)]
#[test]
fn a_link_in_the_workspace_is_not_passed_over() {
    let stage = Stage::with_workspace();
    std::os::unix::fs::symlink("elsewhere", stage.path("municipalities/north")).expect("a link can be made");
    for command in ["check", "build"] {
        let output = stage.run(&[command, "--format", "json"]);
        assert_eq!(output.status.code(), Some(1));
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("the report is JSON");
        assert!(report["problems"][0]["message"].as_str().is_some_and(|text| text.contains("municipalities/north")));
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let stage = Stage::new();
    let mut child = stage
        .command(&["completions", "bash"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary can be started");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("the binary ends");
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), b"".as_slice()));
}

#[test]
fn a_full_disk_behind_the_output_is_told() {
    let stage = Stage::new();
    let Ok(full) = std::fs::OpenOptions::new().write(true).open("/dev/full") else { return };
    let output = stage.command(&["explain"]).stdout(full).output().expect("the binary can be started");
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("cannot write to the standard output"));
}
