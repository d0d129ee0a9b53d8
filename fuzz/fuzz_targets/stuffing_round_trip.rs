#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    if let Err(broken) = pop3_fuzzkit::law::stuffing_round_trip(data) {
        panic!("{broken}");
    }
});
