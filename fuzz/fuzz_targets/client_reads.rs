#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    if let Err(broken) = pop3_fuzzkit::law::client_reads_any_octets(data) {
        panic!("{broken}");
    }
});
