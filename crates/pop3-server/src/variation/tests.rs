//! Every variation beside the plain server: the same dialogue, both answers.
//! A row that fails shows what the servers answer now.

use super::*;
use crate::ServerBuilder;
use crate::fault::Fault;
use crate::fault::tests::{Client, MAIL};
use crate::sasl::Mechanism;
use pop3_proto::capability::Retention;
use pop3_proto::server::Availability;

mod done;
mod said;

/// A row of the table; for the script see [`Client::run`].
struct Row {
    variation: Variation,
    script: &'static [&'static str],
    plain: &'static str,
    varied: &'static str,
}

fn rows() -> impl Iterator<Item = &'static Row> {
    said::ROWS.iter().chain(done::ROWS)
}

/// What the plain server has, as the embedded server of the runner.
fn plain(builder: ServerBuilder) -> ServerBuilder {
    builder.expire(Retention::Never).session(|session| {
        session.utf8 = Availability::Offered;
        session.lang = Availability::Offered;
        session.implementation = Some("x".to_owned());
    })
}

async fn check(row: &Row) -> Option<String> {
    let mail = MAIL.map(str::to_owned);
    let before = Client::of(plain, &mail).run(row.script).await;
    let after = Client::of(|builder| plain(builder).variation(row.variation), &mail).run(row.script).await;
    let right = before == row.plain && after == row.varied && before != after;
    (!right).then(|| format!("{:?}\n plain: {before:?}\n varied: {after:?}\n", row.variation))
}

/// What does not show in a dialogue of text is asked below.
const ELSEWHERE: [Variation; 5] = [
    Variation::ApopUpperCase,
    Variation::ManyIterations,
    Variation::RepliesBytewise,
    Variation::RepliesCutInCrlf,
    Variation::RepliesWhenIdle,
];

#[tokio::test(start_paused = true)]
async fn every_variation_shows() {
    let mut wrong = String::new();
    for row in rows() {
        wrong.extend(check(row).await);
    }
    assert!(wrong.is_empty(), "these rows differ; the servers answer:\n{wrong}");
    let has_row = |variation: &Variation| rows().any(|row| row.variation == *variation);
    let missing: Vec<_> = Variation::ALL.iter().filter(|one| !ELSEWHERE.contains(one) && !has_row(one)).collect();
    assert!(missing.is_empty(), "no row for {missing:?}");
}

#[test]
fn the_list_is_in_order() {
    for variation in Variation::ALL {
        let slug = variation.slug();
        assert_eq!(slug.parse(), Ok(*variation));
        assert!(slug.bytes().all(|octet| octet.is_ascii_alphanumeric() || octet == b'-'), "{slug}");
        assert!(variation.what().ends_with('.') && variation.what().len() < 130, "{slug}");
        assert!(variation.clause().starts_with("RFC "), "{slug}");
        assert_eq!(Variation::ALL.iter().filter(|other| other.slug() == slug).count(), 1, "{slug}");
        assert!(Fault::from_slug(slug).is_none(), "{slug} is a fault too");
    }
}

#[tokio::test(start_paused = true)]
async fn apop_takes_digests_in_upper_case() {
    let build = |variation: Option<Variation>| {
        move |builder: ServerBuilder| {
            let builder = builder.fault(Fault::SameTimestamp);
            variation.into_iter().fold(builder, ServerBuilder::variation)
        }
    };
    let digest = pop3_proto::apop::digest(b"<1896.697170952@localhost>", b"secret");
    let check = async |variation: Option<Variation>, digest: &str, want: &str| {
        let answer = Client::of(build(variation), &[]).run(&[&format!("APOP alice {digest}|")]).await;
        assert!(answer.starts_with(want), "{variation:?} {digest}: {answer}");
    };
    let upper = digest.to_uppercase();
    assert_ne!(upper, digest);
    check(None, &upper, "-ERR [AUTH]").await;
    check(None, &digest, "+OK").await;
    check(Some(Variation::ApopUpperCase), &upper, "+OK").await;
    check(Some(Variation::ApopUpperCase), &digest, "+OK").await;
    check(Some(Variation::ApopUpperCase), &"A".repeat(32), "-ERR [AUTH]").await;
}

#[tokio::test(start_paused = true)]
async fn iterations_are_more() {
    let scram = |builder: ServerBuilder| builder.mechanisms(&[Mechanism::ScramSha256]);
    let challenge = async |variation: Option<Variation>| {
        let build = |builder| variation.into_iter().fold(scram(builder), ServerBuilder::variation);
        let heard = Client::of(build, &[]).reads("AUTH SCRAM-SHA-256 biwsbj1hbGljZSxyPXg=|").await.concat();
        let (_, challenge) = heard.rsplit_once("+ ").unwrap();
        let challenge = pop3_proto::auth::initial_response(challenge.trim_end_matches('|')).unwrap();
        String::from_utf8(challenge).unwrap()
    };
    assert!(challenge(None).await.ends_with(",i=4096"));
    assert!(challenge(Some(Variation::ManyIterations)).await.ends_with(",i=7000"));
}

/// What each read brings, when `MAIL` is listed.
async fn reads(variation: Option<Variation>) -> Vec<String> {
    let mail = MAIL.map(str::to_owned);
    Client::of(|builder| variation.into_iter().fold(builder, ServerBuilder::variation), &mail)
        .reads("USER alice|PASS secret|NOOP|LIST|")
        .await
}

#[tokio::test(start_paused = true)]
async fn replies_are_cut() {
    let plain = reads(None).await;
    let all = plain.concat();
    assert!(all.ends_with("+OK 3 messages (30 octets)|1 15|2 11|3 4|.|"), "{all}");
    assert_eq!(plain.len(), 1, "{plain:?}");
    let bytewise = reads(Some(Variation::RepliesBytewise)).await;
    assert!(bytewise.len() > 50, "{bytewise:?}");
    let cut = reads(Some(Variation::RepliesCutInCrlf)).await;
    assert!(cut.iter().any(|read| read.ends_with("\\r")) && cut.iter().any(|read| read.starts_with("\\n")), "{cut:?}");
    let idle = reads(Some(Variation::RepliesWhenIdle)).await;
    assert_eq!(idle, [all.as_str()]);
    for read in [bytewise, cut] {
        assert_eq!(read.concat().replace("\\r\\n", "|").replace("\\r", "").replace("\\n", "|"), all);
    }
}
