//! The names that stand for ports, folders and accounts in target files.

/// The names that a target file may use, and their values.
#[derive(Clone, Debug, Default)]
pub struct Names(Vec<(String, String)>);

impl Names {
    /// No names.
    pub const NONE: Self = Self(Vec::new());

    /// Adds a name.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.0.push((name.into(), value.into()));
        self
    }

    /// Replaces `{name}`; braces around anything else stay.
    #[must_use]
    pub fn in_command(&self, text: &str) -> String {
        self.replace(text, "{")
    }

    /// Replaces `${name}`.
    #[must_use]
    pub fn in_template(&self, text: &str) -> String {
        self.replace(text, "${")
    }

    fn replace(&self, text: &str, open: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        'text: while let Some(at) = rest.find(open) {
            let (before, from) = rest.split_at(at);
            out.push_str(before);
            for (name, value) in &self.0 {
                if let Some(behind) = from
                    .strip_prefix(open)
                    .and_then(|r| r.strip_prefix(name.as_str()))
                    .and_then(|r| r.strip_prefix('}'))
                {
                    out.push_str(value);
                    rest = behind;
                    continue 'text;
                }
            }
            out.push_str(open);
            rest = from.strip_prefix(open).unwrap_or_default();
        }
        out + rest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_replaced_once_and_braces_stay() {
        let names = Names::default().with("port", "110").with("dir", "/d/{port}");
        assert_eq!(names.in_command("x {port} {dir} {other} {"), "x 110 /d/{port} {other} {");
        assert_eq!(names.in_template("service { p = ${port} } $x ${nope}"), "service { p = 110 } $x ${nope}");
    }
}
