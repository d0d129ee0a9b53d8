use super::*;
use proptest::prelude::*;

fn read(sent: &[u8], received: &[u8], chunk: usize) -> Vec<ObservedReply> {
    let mut session = ClientSession::new(Limits::default());
    session.sent(sent);
    let mut replies = Vec::new();
    for octets in received.chunks(chunk.max(1)) {
        let mut input = octets;
        while let Some(reply) = session.receive(&mut input).unwrap() {
            replies.push(reply);
        }
    }
    replies
}

/// Each reply as what it answers, its first line, and its body.
fn summary(replies: &[ObservedReply]) -> Vec<(String, String, Option<String>)> {
    let text = |octets: &[u8]| String::from_utf8_lossy(octets).into_owned();
    let summary = replies.iter().map(|reply| {
        let answers = match &reply.answers {
            Answers::Greeting => "greeting".to_owned(),
            Answers::Line(line) => text(line),
            Answers::ExchangeLine(line) => format!("({})", text(line)),
            Answers::Nothing => "nothing".to_owned(),
        };
        (answers, text(&reply.line), reply.body.as_deref().map(text))
    });
    summary.collect()
}

#[test]
fn replies_meet_their_commands() {
    let check = |sent: &str, received: &str, want: &[(&str, &str, Option<&str>)]| {
        let want: Vec<_> =
            want.iter().map(|(a, l, b)| ((*a).to_owned(), (*l).to_owned(), b.map(str::to_owned))).collect();
        for chunk in [1, 2, 3, received.len()] {
            let replies = read(sent.as_bytes(), format!("+OK hi\r\n{received}").as_bytes(), chunk);
            assert_eq!(summary(&replies)[1..], want, "{sent:?} in pieces of {chunk}");
        }
    };
    check(
        "LIST\r\nLIST 1\r\n",
        "+OK\r\n1 9\r\n.\r\n+OK 1 9\r\n",
        &[("LIST", "+OK", Some("1 9\r\n")), ("LIST 1", "+OK 1 9", None)],
    );
    check("RETR 9\r\nNOOP\r\n", "-ERR no\r\n+OK\r\n", &[("RETR 9", "-ERR no", None), ("NOOP", "+OK", None)]);
    check("AUTH PLAIN\r\nAA==\r\n", "+ \r\n-ERR\r\n", &[("AUTH PLAIN", "+ ", None), ("(AA==)", "-ERR", None)]);
    check("AUTH\r\nNOOP\r\n", "-ERR\r\n+OK\r\n", &[("AUTH", "-ERR", None), ("NOOP", "+OK", None)]);
    check("NOOP\r\n", "+OK\r\n+OK\r\n", &[("NOOP", "+OK", None), ("nothing", "+OK", None)]);
    check("QUIT\r\nNOOP\r\n", "+OK\r\n+OK\r\n", &[("QUIT", "+OK", None), ("nothing", "+OK", None)]);
    check("CAPA\r\n", "+OK\n..x\nTOP\n.\n", &[("CAPA", "+OK", Some(".x\nTOP\n"))]);
}

#[test]
fn deviations_have_their_octet() {
    let replies = read(b"RETR 1\r\nNOOP\r\n", b"+OK hi\r\n+ok\r\na\r\n.x\r\n.\r\n+OK\n", 4);
    let seen: Vec<_> = replies.iter().flat_map(|reply| &reply.deviations).map(|o| (o.at, o.deviation)).collect();
    assert_eq!(
        seen,
        [(8, Deviation::StatusNotUpperCase), (16, Deviation::UnstuffedLine), (26, Deviation::BareLfLineEnd)]
    );
    assert_eq!(replies[1].body.as_deref(), Some(b"a\r\nx\r\n".as_slice()));
    assert_eq!(replies[1].octets, 8..23);
}

#[test]
fn an_endless_server_is_left_in_bounded_memory() {
    let limits = Limits { status_line: 1000, body: 5000 };
    let check = |sent: &[u8], first: &[u8], again: &[u8], want| {
        let mut session = ClientSession::new(limits);
        session.sent(sent);
        let mut result = session.receive(&mut &*first);
        for _ in 0..3000 {
            while let Ok(Some(_)) = result {
                result = session.receive(&mut &*again);
            }
            result = session.receive(&mut &*again);
        }
        assert_eq!(result, Err(want));
    };
    check(b"", b"", &[b'a'; 100], ClientError::StatusLine { limit: 1000 });
    check(b"LIST\r\n", b"+OK\r\n", b"+OK\r\n", ClientError::Body { limit: 5000 });
}

#[test]
fn states_follow_what_the_server_grants() {
    let check = |sent: &[u8], received: &[u8], want| {
        let mut session = ClientSession::new(Limits::default());
        session.sent(sent);
        let mut input = received;
        while session.receive(&mut input).unwrap().is_some() {}
        assert_eq!(session.state(), want);
    };
    check(b"", b"+OK\r\n", State::Authorization);
    check(b"USER a\r\n", b"+OK\r\n+OK\r\n", State::Named);
    check(b"USER a\r\nPASS b\r\n", b"+OK\r\n+OK\r\n+OK\r\n", State::Transaction);
    check(b"USER a\r\nNOOP\r\nPASS b\r\n", b"+OK\r\n+OK\r\n-ERR\r\n+OK\r\n", State::Transaction);
    check(b"USER a\r\nXYZZ\r\n", b"+OK\r\n+OK\r\n-ERR\r\n", State::Authorization);
    check(b"USER a\r\nXYZZ\r\nPASS b\r\n", b"+OK\r\n+OK\r\n-ERR\r\n+OK\r\n", State::Transaction);
    check(b"STLS\r\n", b"+OK\r\n+OK\r\n", State::Handshake);
    check(b"AUTH\r\n", b"+OK\r\n+OK\r\nPLAIN\r\n.\r\n", State::Authorization);
    check(b"QUIT\r\n", b"+OK\r\n+OK\r\n", State::Ended);
}

proptest! {
    #[test]
    fn cuts_do_not_matter(
        received in "(\\+OK|-ERR|\\+|\\.|\\.\\.| |x|\r\n|\n|\r){0,40}",
        chunk in 1_usize..9,
    ) {
        let sent = b"LIST\r\nAUTH PLAIN\r\nx\r\nRETR 1\r\n";
        let whole = read(sent, received.as_bytes(), received.len());
        let cut = read(sent, received.as_bytes(), chunk);
        prop_assert_eq!(summary(&whole), summary(&cut));
        let deviations = |replies: &[ObservedReply]| replies.iter().flat_map(|r| r.deviations.clone()).collect::<Vec<_>>();
        prop_assert_eq!(deviations(&whole), deviations(&cut));
    }
}

#[test]
fn a_body_that_is_off_in_every_line_costs_no_more_than_its_octets() {
    let body = b".x\r\n".repeat(5000);
    let received = [b"+OK\r\n+OK\r\n", body.as_slice(), b".\r\n"].concat();
    let replies = read(b"RETR 1\r\n", &received, 4096);
    let [_, reply] = replies.as_slice() else { panic!("{} replies", replies.len()) };
    assert_eq!(reply.deviations.len(), DEVIATIONS);
    assert_eq!(reply.body.as_deref().map(<[u8]>::len), Some(3 * 5000));
}

/// Legal servers, of which nothing may be said.
#[test]
fn what_is_legal_is_no_deviation() {
    let check = |sent: &str, received: &str| {
        for reply in read(sent.as_bytes(), received.as_bytes(), 7) {
            assert_eq!(reply.deviations, [], "{sent:?} {received:?}");
        }
    };
    let long = "A".repeat(4000);
    check("AUTH X\r\n\r\n", &format!("+OK\r\n+ {long}\r\n-ERR\r\n"));
    check("", "+OK[SYS] hi\r\n");
    check("UTF8\r\nNOOP\r\n", "+OK\r\n+OK año\r\n-ERR año\r\n");
    check("LANG es\r\nNOOP\r\n", "+OK\r\n+OK es año\r\n-ERR año\r\n");
    check("LANG\r\n", "+OK\r\n+OK\r\nes Español\r\n.\r\n");
    let seen = |sent: &str, received: &str| read(sent.as_bytes(), received.as_bytes(), 7)[1].deviations.len();
    assert_eq!(seen("NOOP\r\n", "+OK\r\n-ERR año\r\n"), 1);
    assert_eq!(seen("NOOP\r\n", "+OK\r\n-ERR[X]\r\n"), 1);
    assert_eq!(seen("AUTH X\r\n", &format!("+OK\r\n+OK {long}\r\n")), 1);
    assert_eq!(seen("LANG\r\nNOOP\r\n", "+OK\r\n-ERR\r\n"), 0);
}

#[test]
fn a_language_stays_over_stls_and_what_came_in_clear_does_not() {
    let mut session = ClientSession::new(Limits::default());
    session.sent(b"LANG es\r\nSTLS\r\n");
    let mut input = "+OK\r\n+OK es año\r\n+OK comience\r\n+OK from anybo".as_bytes();
    while session.receive(&mut input).unwrap().is_some() {}
    assert_eq!(session.state(), State::Handshake);
    session.handshake_done();
    assert_eq!((session.state(), session.unfinished()), (State::Authorization, None));
    session.sent(b"NOOP\r\n");
    let reply = session.receive(&mut "-ERR año\r\n".as_bytes()).unwrap().unwrap();
    assert_eq!((reply.line.as_slice(), reply.deviations.as_slice()), ("-ERR año".as_bytes(), [].as_slice()));
}

#[test]
fn a_malformed_quit_that_is_refused_ends_nothing() {
    let check = |quit: &str, status: &str, state, want: &str| {
        let sent = format!("USER a\r\nPASS b\r\n{quit}\r\nNOOP\r\n");
        let received = format!("+OK\r\n+OK\r\n+OK\r\n{status}\r\n+OK\r\n");
        let mut session = ClientSession::new(Limits::default());
        session.sent(sent.as_bytes());
        let mut input = received.as_bytes();
        let mut last = None;
        while let Some(reply) = session.receive(&mut input).unwrap() {
            last = Some(reply);
        }
        assert_eq!((session.state(), summary(&[last.unwrap()])[0].0.as_str()), (state, want), "{quit:?} {status}");
    };
    for quit in ["QUIT now", " QUIT", "QUIT "] {
        check(quit, "-ERR", State::Transaction, "NOOP");
        check(quit, "+OK", State::Ended, "nothing");
    }
    for status in ["+OK", "-ERR"] {
        check("QUIT", status, State::Ended, "nothing");
    }
}

#[test]
fn what_was_sent_is_not_printed() {
    let secret = "hunter2";
    let octets = format!("{:?}", secret.as_bytes());
    let octets = octets.trim_matches(['[', ']']);
    let check = |printed: &str| assert!(!printed.contains(secret) && !printed.contains(octets), "{printed}");
    let mut session = ClientSession::new(Limits::default());
    for line in
        [format!("PASS {secret}\r\n"), format!("pass  {secret}\r\n"), format!(" {secret}\r\n"), secret.to_owned()]
    {
        session.sent(line.as_bytes());
    }
    check(&format!("{session:?}"));
    let mut input = b"+OK\r\n-ERR\r\n-ERR\r\n-ERR\r\n".as_slice();
    while let Some(reply) = session.receive(&mut input).unwrap() {
        check(&format!("{reply:?}"));
    }
    check(&format!("{:?}", Answers::ExchangeLine(secret.as_bytes().to_vec())));
    check(&format!("{:?}", crate::auth::ClientLine::Response(secret.as_bytes().to_vec())));
    let mut framer = LineFramer::new(100, BareLf::IsData);
    assert!(framer.next(&mut secret.as_bytes()).is_none());
    check(&format!("{framer:?}"));
    assert!(format!("{:?}", Answers::Line(b"RETR 1".to_vec())).contains("RETR 1"));
}
