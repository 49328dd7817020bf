//! That a plan is written whole or not at all, beside what others have put there.

use super::*;
use std::collections::BTreeMap;

/// A directory of its own for one test, which is removed in the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str, files: &[&str]) -> Folder {
        let folder = std::env::temp_dir().join(format!("underpin-write-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        for file in files {
            fs::write(folder.join(file), "theirs").unwrap();
        }
        Folder(folder)
    }

    /// All files below the directory with their texts.
    fn files(&self) -> BTreeMap<String, String> {
        fn add(root: &Path, directory: &Path, files: &mut BTreeMap<String, String>) {
            for entry in fs::read_dir(directory).unwrap().flatten() {
                let path = entry.path();
                if path.is_dir() {
                    add(root, &path, files);
                } else {
                    let name = path.strip_prefix(root).unwrap().display().to_string();
                    files.insert(name, fs::read_to_string(path).unwrap());
                }
            }
        }
        let mut files = BTreeMap::new();
        add(&self.0, &self.0, &mut files);
        files
    }

    fn names(&self) -> Vec<String> {
        self.files().into_keys().collect()
    }

    fn find(&self, name: &str, existing: Existing) -> Result<Target, Box<Diagnostic>> {
        Target::find(&self.0, name, existing)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A plan's files with these numbers; the first is also the folder's.
fn plan(name: &str, numbers: &[u64], text: &str) -> Vec<WrittenFile> {
    let file = |name: String, text: &str| WrittenFile {
        name,
        text: text.to_owned(),
    };
    let up = |number: &u64| format!("{number:04}_expand_{name}.up.sql");
    let script = |number: &u64| {
        let file = up(number);
        format!(r#"{{"file":"{file}","transaction":"one","statements":[],"locks":[]}}"#)
    };
    let pairs: Vec<String> = numbers
        .iter()
        .map(|number| {
            let (up, down) = (script(number), script(number));
            format!(r#"{{"number":{number},"phase":"expand","up":{up},"down":{down},"reversals":[],"ladders":[]}}"#)
        })
        .collect();
    let json = format!(
        r#"{{"version":1,"name":"{name}","postgres":18,"phases":[],"files":[{}],"ladders":[],"hazards":[]}}"#,
        pairs.join(",")
    );
    let mut files: Vec<WrittenFile> = numbers.iter().map(|number| file(up(number), text)).collect();
    files.push(file(format!("{:04}_{name}.plan/plan.json", numbers[0]), &json));
    files
}

#[test]
fn numbering_goes_on_from_what_stands_there() {
    let missing = std::env::temp_dir().join("underpin-write-is-not-there");
    assert_eq!(Target::find(&missing, "a", Existing::Keep).unwrap().first_number(), 1);
    let folder = Folder::new(
        "numbers",
        &["0009_x.up.sql", "0010_y.sql", "2024_notes.md", "readme.sql"],
    );
    assert_eq!(folder.find("a", Existing::Keep).unwrap().first_number(), 11);
    let folder = Folder::new("timestamps", &["20240131120000_x.sql"]);
    assert_eq!(
        folder.find("a", Existing::Keep).unwrap().first_number(),
        20_240_131_120_001
    );
}

#[test]
fn a_plan_is_written_beside_what_others_have_put_there() {
    let folder = Folder::new("beside", &["0001_theirs.sql", "notes.md"]);
    let target = folder.find("a", Existing::Keep).unwrap();
    target.write(plan("a", &[2, 3], "ours").iter()).unwrap();
    let written = ["0002_a.plan/plan.json", "0002_expand_a.up.sql", "0003_expand_a.up.sql"];
    assert_eq!(folder.names()[1..4], written);
    assert_eq!(folder.files()["0001_theirs.sql"], "theirs");
    assert_eq!(folder.names().len(), 5, "nothing temporary is left");
}

#[test]
fn a_plan_of_the_same_name_is_replaced_only_when_asked_for() {
    let folder = Folder::new("replace", &[]);
    let target = folder.find("a", Existing::Keep).unwrap();
    target.write(plan("a", &[1, 2], "old").iter()).unwrap();
    assert_eq!(folder.find("a", Existing::Keep).unwrap_err().code, Code::OutputExists);
    assert_eq!(folder.find("b", Existing::Keep).unwrap().first_number(), 3);
    let target = folder.find("a", Existing::Replace).unwrap();
    assert_eq!(target.first_number(), 1);
    target.write(plan("a", &[1], "new").iter()).unwrap();
    assert_eq!(folder.names(), ["0001_a.plan/plan.json", "0001_expand_a.up.sql"]);
    assert_eq!(folder.files()["0001_expand_a.up.sql"], "new");
}

#[test]
fn a_plan_with_files_behind_it_is_not_replaced() {
    let folder = Folder::new("behind", &[]);
    let target = folder.find("a", Existing::Keep).unwrap();
    target.write(plan("a", &[1], "old").iter()).unwrap();
    fs::write(folder.0.join("0002_theirs.sql"), "theirs").unwrap();
    let error = folder.find("a", Existing::Replace).unwrap_err();
    assert!(error.message.contains("0002_theirs.sql"), "{}", error.message);
}

#[test]
fn a_plan_json_cannot_reach_out_of_the_directory() {
    let folder = Folder::new("outside", &[]);
    fs::create_dir(folder.0.join("0001_a.plan")).unwrap();
    let files = plan("../../a", &[1], "");
    fs::write(folder.0.join("0001_a.plan/plan.json"), &files[1].text).unwrap();
    assert_eq!(
        folder.find("a", Existing::Replace).unwrap_err().code,
        Code::OutputExists
    );
}

#[test]
fn a_failure_leaves_all_as_it_was() {
    let folder = Folder::new("failure", &[]);
    let target = folder.find("a", Existing::Keep).unwrap();
    target.write(plan("a", &[1], "old").iter()).unwrap();
    let before = folder.files();
    let target = folder.find("a", Existing::Replace).unwrap();
    // Somebody else is faster and takes the last of the names.
    fs::write(folder.0.join("0002_expand_a.up.sql"), "theirs").unwrap();
    let error = target.write(plan("a", &[1, 2], "new").iter()).unwrap_err();
    assert_eq!(error.code, Code::OutputExists);
    fs::remove_file(folder.0.join("0002_expand_a.up.sql")).unwrap();
    assert_eq!(folder.files(), before);
}

#[test]
fn directories_that_were_made_for_it_go_when_it_fails() {
    let folder = Folder::new("made", &["file"]);
    let target = Target::find(&folder.0.join("new/deep"), "a", Existing::Keep).unwrap();
    let files = [WrittenFile {
        name: "0001_x.sql/\0".to_owned(),
        text: String::new(),
    }];
    assert_eq!(target.write(files.iter()).unwrap_err().code, Code::UnwritableOutput);
    assert_eq!(folder.names(), ["file"]);
    assert!(!folder.0.join("new").exists());
}
