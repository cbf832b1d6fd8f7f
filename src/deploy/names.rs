//! Why the name of a host could not be looked up, from the words of the system's library: it has no kinds of error for that.

use std::io;

/// Whether looking up failed, for whatever reason.
pub(crate) fn is_about_names(error: &io::Error) -> bool {
    error.to_string().contains("failed to lookup address information")
}

/// Whether it is certain that there is no such host: a name server has said so.
pub(crate) fn is_unknown(error: &io::Error) -> bool {
    let said = error.to_string();
    const UNKNOWN: [&str; 4] = [
        "Name or service not known",
        "No address associated with hostname",
        "nodename nor servname provided",
        "No such host is known",
    ];
    UNKNOWN.iter().any(|words| said.contains(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_server_that_does_not_answer_says_nothing_of_the_host() {
        let error = |said: &str| io::Error::other(format!("failed to lookup address information: {said}"));
        let passing = error("Temporary failure in name resolution");
        assert!(is_about_names(&passing) && !is_unknown(&passing));
        let unknown = error("Name or service not known");
        assert!(is_about_names(&unknown) && is_unknown(&unknown));
        assert!(!is_about_names(&io::Error::from(io::ErrorKind::ConnectionReset)));
    }
}
