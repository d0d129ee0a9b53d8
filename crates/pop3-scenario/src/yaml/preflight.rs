//! What is seen in the text before YAML is read at all.

use crate::diagnostic::Findings;
use crate::source::{SourceFile, Span};
use crate::yaml::MAX_LINE;

/// Refuses tabs in indentation, control characters and a byte order mark:
/// readers of YAML treat them in different ways.
pub(super) fn check(file: &SourceFile, findings: &mut Findings) {
    for (index, line) in file.text.split('\n').enumerate() {
        let line = line.strip_suffix('\r').unwrap_or(line);
        let at = |column: usize, width: usize| {
            let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
            Span { file: file.clone(), line: number(index + 1), column: number(column + 1), width: number(width) }
        };
        if index == 0 && line.starts_with('\u{FEFF}') {
            findings.error_help(
                &at(0, 1),
                "byte-order-mark",
                "the file begins with a byte order mark",
                "save it as UTF-8 without one",
            );
        }
        let length = line.chars().count();
        if length > MAX_LINE {
            let message = format!("the line has {length} characters, and {MAX_LINE} are the most");
            findings.error_help(
                &at(0, 1),
                "line-too-long",
                message,
                "break the line, or generate long content with `repeat`",
            );
        }
        let mut indentation = true;
        for (column, c) in line.chars().enumerate() {
            match c {
                '\t' if indentation => {
                    findings.error_help(&at(column, 1), "tab", "a tab in the indentation", "indent with spaces");
                    break;
                }
                '\t' => {}
                c if c.is_control() => {
                    let message = format!("the control character U+{:04X}", u32::from(c));
                    findings.error_help(
                        &at(column, 1),
                        "control-character",
                        message,
                        "octets below 32 are written `\\r`, `\\x1b` in `send: {raw: '…'}`, or in `hex`",
                    );
                    break;
                }
                c => indentation &= c == ' ',
            }
        }
    }
}
