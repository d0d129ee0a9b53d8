//! What each code means, for whom the message at the place is not enough.

/// A code of diagnostics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code {
    /// The code, such as `unknown-key`.
    pub code: &'static str,
    /// What it is about, as in the table of `docs/format.md`; `warnings` do not
    /// stop a file from being used.
    pub about: &'static str,
    /// What it says, in a sentence.
    pub meaning: &'static str,
}

impl Code {
    /// The code of this name.
    #[must_use]
    pub fn named(code: &str) -> Option<&'static Self> {
        CODES.iter().find(|known| known.code == code)
    }
}

macro_rules! codes {
    ($($about:literal { $($code:literal $meaning:literal)* })*) => {
        /// All codes, in the order of the table in `docs/format.md`.
        pub const CODES: &[Code] = &[$($(Code { code: $code, about: $about, meaning: $meaning }),*),*];
    };
}

codes! {
    "the file" {
        "cannot-read" "A file or folder of the catalogue cannot be read, or is no UTF-8."
        "file-too-large" "A file has at most 1 MiB; large mail is made of pieces with `repeat`."
        "line-too-long" "A line has at most 4000 characters."
        "empty-file" "There is nothing in the file but comments."
        "byte-order-mark" "The file begins with a byte order mark, which UTF-8 does not need."
        "control-character" "A control character stands in the file; octets to be sent are written as escapes in `send`."
        "tab" "A tab stands in the indentation, where YAML allows spaces only."
    }
    "YAML" {
        "yaml-syntax" "The file is not YAML."
        "needs-quotes" "A plain text has characters in it that mean something to YAML; put it into quotes."
        "several-documents" "A file is one YAML document; `---` begins a second one."
        "duplicate-key" "A key stands twice in one map, so that readers would disagree about which counts."
        "bad-key" "A key is a word, not a list or a map."
        "anchor" "Anchors of YAML are not used; what is shared goes into a fragment."
        "alias" "Aliases of YAML are not used; `*` at the beginning of a text needs quotes."
        "tag" "Tags of YAML are not used; `!` at the beginning of a text needs quotes."
        "too-deep" "Lists and maps lie more than 32 deep inside one another."
    }
    "texts" {
        "comment-in-text" "YAML takes the rest of the text for a comment, and it would not be sent; quote it."
        "trailing-blank" "YAML would drop the blanks at the end of the text; quote it."
        "leading-blank" "YAML would drop the blanks before the text; quote it."
        "several-lines" "A command, reply or line is one line; exact octets go into `send`."
        "octet-in-quotes" "In double quotes YAML makes a character of an escape, not an octet; write it with `send`."
        "bad-text" "A template, pattern, raw text or expression cannot be read, or can never match."
        "hole-sent" "A hole such as `{n:uint}` takes what comes and cannot be sent; `${n}` sends what it took."
        "no-status" "A reply begins with `+OK`, `-ERR`, `+` or `any`."
        "bad-octets" "The octets are not written as hexadecimal pairs or base64, or are none that may stand here."
    }
    "the header" {
        "no-format" "The file does not say its format; its first line does, `format: pop3-scenario/1`."
        "format-not-first" "`format` must be the first key, so that a reader knows at once whether it can go on."
        "bad-format" "The format is not the one that belongs to the file's folder, or is not version 1."
        "bad-id" "The id is not the file's path below the folder that is given to the program, without `.yaml`."
    }
    "keys and values" {
        "unknown-key" "The format has no such key here."
        "missing-key" "A key that must be there is not."
        "no-value" "A key has nothing behind it; an empty text is `\"\"`."
        "wrong-type" "Here must be a text, a list, a map, a number or a condition, and something else is."
        "unknown-word" "Only a few words may stand here, and this is none of them."
        "bad-number" "A whole number must stand here, and within bounds."
        "bad-duration" "A duration is written `500ms`, `3s` or `2m`, and has 60 minutes at most."
        "bad-name" "A name has other characters than its kind allows, such as capitals in a slug."
        "bad-code" "A response code is written without brackets, such as `SYS/TEMP`."
        "listed-twice" "The same stands twice in a list where once is enough."
        "too-large" "A list or a content has more than the limits of the format."
        "contradiction" "Two keys do not go together, or one needs another that is not there."
        "wrong-octets" "A fixture has another length than its `octets` says."
    }
    "steps" {
        "unknown-verb" "No step has this verb."
        "two-verbs" "A step has one verb; the next one begins with `-`."
        "no-steps" "There are no steps where some must be."
        "too-many-steps" "A scenario has at most 10 000 steps, those of its fragments counted."
        "bad-session" "This verb takes no session, or the session belongs to the step around it."
        "not-available" "This version of the format does not have this yet."
        "never-taken" "An alternative before this one takes all that it could take."
    }
    "names" {
        "unknown-fragment" "There is no fragment of this name, or it has errors of its own; `pop3spec list fragments` shows all."
        "circular-use" "A fragment uses itself, directly or through others."
        "unknown-fixture" "There is no fixture of this name; `pop3spec list fixtures` shows all, and your own is `mailboxes/NAME.yaml`."
        "unknown-requirement" "No requirement has this id; `pop3spec list requirements` shows all."
        "unknown-ruling" "No ruling has this id; `pop3spec list rulings` shows all."
        "unknown-message" "The mailbox of the scenario has no message of this number."
        "unknown-fault" "`kills` names a seeded fault that there is not; `pop3spec list faults` shows all."
    }
    "captures" {
        "unresolved-capture" "A name is used that no step before this captures, or that only a later part of the same reply does."
        "captured-twice" "A name is captured as values of two kinds."
        "built-in-name" "The runner sets this name, and it cannot be captured."
        "wrong-kind" "A list stands where a single value must, or the other way round."
    }
    "the whole" {
        "against-ruling" "A grade that cites a ruling is not what the ruling decides by default."
        "undeclared-deletion" "DELE can be sent, and the header does not have `destructive: true`."
        "undeclared-need" "A step uses what not every target has, and the header does not declare it."
        "session-not-open" "A session is used before it is opened, or behind its end."
        "shared-session" "Two branches of `parallel` use the same session."
        "lonely-barrier" "A barrier stands outside `parallel`, or no other branch comes to it."
        "nested-parallel" "`parallel` stands inside a branch of `parallel`."
        "over-budget" "The steps of a slow scenario may wait longer than its `budget`, or it has none."
        "wait-outside-slow" "`wait` stands in a scenario that is not of tier slow."
    }
    "warnings" {
        "no-requirement" "No requirement is cited, so that a failure cites no clause."
        "no-kills" "A must is asserted, and `kills` names no seeded fault that would show that the assertion can fail."
        "no-text" "`why` or `fix` is not there, which reports and `explain` show."
        "unused-capture" "A capture is made and nothing uses it."
        "long-title" "The title is longer than lists show."
        "id-style" "The id is not made of lower-case words with hyphens."
        "unused-fragment" "No scenario uses this fragment."
        "unused-fixture" "No scenario uses this fixture."
        "shadows-built-in" "A file of the folder given takes the place of a built-in one, since it has the same path."
        "ignored-file" "A file of the folder given is not read: it ends in `.yml`, or lies in no folder below it."
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_has_one_sentence_and_stands_once() {
        for code in CODES {
            assert_eq!(Code::named(code.code), Some(code));
            assert!(code.meaning.ends_with('.') && !code.meaning.contains(". "), "{}", code.code);
            assert_eq!(CODES.iter().filter(|other| other.code == code.code).count(), 1, "{}", code.code);
        }
        assert_eq!(Code::named("no-such-code"), None);
    }
}
