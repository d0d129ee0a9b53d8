//! What the client says in a scenario, as octets for the in-memory maildrop of
//! the laws.

use pop3_scenario::pattern::{Template, TemplatePiece};
use pop3_scenario::scenario::{PayloadContent, Step, Verb};

/// A seed longer than this teaches a fuzzer nothing.
const LONGEST: usize = 2048;

/// The client's octets of these steps and of the fragments that they use, in
/// order. Captures stand for what the laws' maildrop has.
pub(super) fn client_octets(steps: &[Step]) -> Vec<u8> {
    let mut octets = Vec::new();
    say(steps, &mut octets);
    octets
}

fn say(steps: &[Step], octets: &mut Vec<u8>) {
    for step in steps {
        if octets.len() > LONGEST {
            return;
        }
        match &step.verb {
            Verb::Command(command) => {
                fill(command, octets);
                octets.extend_from_slice(b"\r\n");
            }
            Verb::Send(payload) => {
                for _ in 0..payload.repeat.min(LONGEST) {
                    match &payload.content {
                        PayloadContent::Raw(text) => fill(text, octets),
                        PayloadContent::Octets(raw) => octets.extend_from_slice(raw),
                    }
                    if octets.len() > LONGEST {
                        break;
                    }
                }
                if let Some(then) = &payload.then {
                    fill(then, octets);
                }
            }
            // The laws' maildrop takes USER and PASS.
            Verb::AuthAny(_) => octets.extend_from_slice(b"USER u\r\nPASS p\r\n"),
            Verb::Use(fragment) => say(&fragment.steps, octets),
            _ => {}
        }
    }
}

fn fill(template: &Template, octets: &mut Vec<u8>) {
    for piece in &template.pieces {
        match piece {
            TemplatePiece::Literal(literal) => octets.extend_from_slice(literal),
            TemplatePiece::Use(name) => octets.extend_from_slice(match name.as_str() {
                "user" => b"u",
                "password" => b"p",
                _ => b"1",
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pop3_scenario::Catalogue;

    #[test]
    fn the_client_side_is_told_in_order() {
        let fragment = "format: pop3-fragment/1\ntitle: Log in\nsteps:\n\
            - auth: any\n";
        let scenario = "format: pop3-scenario/1\nid: a/b\nrev: 1\ntitle: Retrieve\nrequirements: [x]\nlevel: must\n\
            tier: gate\ndestructive: false\nsteps:\n- open: {}\n- S: +OK\n- use: login\n- send: {raw: 'NOOP\\r\\n', repeat: 2}\n\
            - S: +OK\n- S: +OK\n- C: QUIT\n- S: +OK\n- eof: {}\n";
        let files = [("fragments/login.yaml", fragment), ("a/b.yaml", scenario)];
        let (catalogue, diagnostics) =
            Catalogue::load(files.map(|(path, text)| (path.to_owned(), text.to_owned())), None);
        let scenario = catalogue.scenario("a/b").unwrap_or_else(|| panic!("{diagnostics:?}"));
        assert_eq!(client_octets(&scenario.steps), b"USER u\r\nPASS p\r\nNOOP\r\nNOOP\r\nQUIT\r\n");
    }
}
