//! Response codes stand in refusals of the commands that they are defined for.

use pop3_proto::client::Answers;
use pop3_proto::command::Keyword;
use pop3_proto::reply::{RegisteredCode, ResponseCode, Status};

use super::{Breach, Invariant, Watch};
use crate::dialogue::Dialogue;
use crate::requirement::Strength;

pub(super) const INVARIANT: Invariant = Invariant {
    id: "always/response-code-places",
    title: "The response codes AUTH, IN-USE, LOGIN-DELAY and UTF8 stand in refusals of the commands that they are for.",
    requirements: &[
        "rfc2449-8.1.2-in-use-code-places",
        "rfc2449-8.1.1-login-delay-code-places",
        "rfc3206-5-auth-code-places",
        "rfc6856-5-utf8-code-places",
    ],
    binding: Strength::Must,
    ruling: None,
    watch: Watch::Each(watch),
};

fn watch(dialogue: &Dialogue) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for turn in &dialogue.replies {
        let code = turn.response_code().and_then(ResponseCode::registered);
        let keyword = turn.words().map(|(keyword, _)| keyword);
        let refused = turn.status == Some(Status::Err);
        let exchange = matches!(turn.answers, Answers::ExchangeLine(_));
        let login = exchange || matches!(keyword, Some(Keyword::Apop | Keyword::Auth | Keyword::Pass));
        let (requirement, places) = match code {
            Some(RegisteredCode::InUse) if !(refused && login) => {
                ("rfc2449-8.1.2-in-use-code-places", "AUTH, APOP or PASS")
            }
            Some(RegisteredCode::LoginDelay) if !(refused && (login || keyword == Some(Keyword::User))) => {
                ("rfc2449-8.1.1-login-delay-code-places", "AUTH, USER, PASS or APOP")
            }
            Some(RegisteredCode::Auth) if !(refused && (login || keyword == Some(Keyword::User))) => {
                ("rfc3206-5-auth-code-places", "AUTH, USER, PASS or APOP")
            }
            Some(RegisteredCode::Utf8)
                if !(refused && matches!(keyword, Some(Keyword::List | Keyword::Retr | Keyword::Top))) =>
            {
                ("rfc6856-5-utf8-code-places", "LIST, TOP or RETR")
            }
            _ => continue,
        };
        // Echoed by chance or not: a client would act on it.
        if turn.orderly {
            let expected = format!("this response code in a refusal of {places} only");
            breaches.push(Breach::new(turn, turn.octets.start, expected, &turn.line).citing(requirement));
        }
    }
    breaches
}
