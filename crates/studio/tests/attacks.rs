//! What others might try, by raw sockets: names, origins, tokens, paths, bodies, and connections that dawdle.

#![expect(clippy::unwrap_used, reason = "a failed unwrap in a test's helper is a failed test with a line number")]

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use photophone::RecoverOptions;
use photophone_studio::{Front, StudioOptions, run};

const FRONT: Front = Front { options: |_| Ok(RecoverOptions::default()) };

/// A server of its own for a test.
struct Server {
    port: u16,
    token: String,
    thread: Option<thread::JoinHandle<()>>,
}

impl Server {
    fn start() -> Self {
        let (told, hears) = mpsc::channel();
        let thread = thread::spawn(move || {
            run(&StudioOptions::default(), FRONT, move |link, _| told.send(link.to_owned()).unwrap()).unwrap();
        });
        let link = hears.recv_timeout(Duration::from_secs(10)).unwrap();
        let (address, token) = link.split_once("/#t=").unwrap();
        let port = address.strip_prefix("http://127.0.0.1:").unwrap().parse().unwrap();
        Self { port, token: token.to_owned(), thread: Some(thread) }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream
    }

    /// Sends bytes as they are and reads to the end.
    fn raw(&self, request: &str) -> String {
        let mut stream = self.connect();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        // A server that closes on what was not read yet may reset the connection.
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// A request with these lines, which the server's own `Host` and the end of the connection are added to.
    fn ask(&self, first: &str, lines: &[&str]) -> String {
        let host = format!("Host: 127.0.0.1:{}", self.port);
        let all: Vec<&str> = [&host[..], "Connection: close"].into_iter().chain(lines.iter().copied()).collect();
        self.raw(&format!("{first} HTTP/1.1\r\n{}\r\n\r\n", all.join("\r\n")))
    }

    fn authorization(&self) -> String {
        format!("Authorization: Bearer {}", self.token)
    }

    fn quit(&mut self) {
        let answer = self.ask("POST /api/quit", &[&self.authorization(), "Content-Length: 0"]);
        assert_eq!(status(&answer), 200, "{answer}");
        self.thread.take().unwrap().join().unwrap();
    }
}

fn status(answer: &str) -> u16 {
    answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0)
}

#[test]
fn other_names_for_this_server_are_refused_on_static_files_too() {
    let mut server = Server::start();
    let port = server.port;
    for host in ["evil.example", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example", "[::1]", "0.0.0.0", "127.1", ""]
    {
        let answer = server.raw(&format!("GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"));
        assert_eq!(status(&answer), 421, "{host}: {answer}");
    }
    let with_port = format!("GET / HTTP/1.1\r\nHost: evil.example:{port}\r\nConnection: close\r\n\r\n");
    assert_eq!(status(&server.raw(&with_port)), 421);
    let localhost = format!("GET / HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n");
    assert_eq!(status(&server.raw(&localhost)), 200);
    // Twice, not at all, and another one in the request's target.
    let twice =
        format!("GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n");
    assert!(matches!(status(&server.raw(&twice)), 400 | 421));
    assert!(matches!(status(&server.raw("GET / HTTP/1.1\r\nConnection: close\r\n\r\n")), 400 | 421));
    assert!(matches!(status(&server.raw("GET / HTTP/1.0\r\n\r\n")), 400 | 421));
    assert_eq!(status(&server.ask("GET http://evil.example/", &[])), 421);
    assert_eq!(status(&server.ask(&format!("GET http://evil.example:{port}/studio.css"), &[])), 421);
    assert_eq!(status(&server.ask(&format!("GET http://127.0.0.1:{port}/"), &[])), 200);
    server.quit();
}

#[test]
fn other_origins_and_sites_and_methods_are_refused() {
    let mut server = Server::start();
    let token = server.authorization();
    let own = format!("Origin: http://127.0.0.1:{}", server.port);
    for origin in ["null", "http://evil.example", "http://127.0.0.1:1", "https://127.0.0.1", ""] {
        let line = format!("Origin: {origin}");
        assert_eq!(status(&server.ask("GET /api/state", &[&token, &line])), 403, "{origin}");
        assert_eq!(status(&server.ask("GET /", &[&line])), 403, "{origin}");
    }
    assert_eq!(status(&server.ask("GET /api/state", &[&token, &own, "Origin: null"])), 403);
    assert_eq!(status(&server.ask("GET /api/state", &[&token, &own, "Sec-Fetch-Site: same-origin"])), 200);
    for site in ["same-site", "cross-site", "Same-Origin"] {
        let line = format!("Sec-Fetch-Site: {site}");
        assert_eq!(status(&server.ask("GET /api/state", &[&token, &line])), 403, "{site}");
        assert_eq!(status(&server.ask("GET /studio.css", &[&line])), 403, "{site}");
        // Who follows the link gets the page as a document, and in no frame.
        let follows = [&line[..], "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"];
        assert_eq!(status(&server.ask("GET /", &follows)), 200, "{site}");
        assert_eq!(status(&server.ask("GET /api/state", &[&follows[..], &[&token]].concat())), 403, "{site}");
        assert_eq!(status(&server.ask("GET /", &[&line, "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: iframe"])), 403);
    }
    for method in ["OPTIONS", "PUT", "DELETE", "HEAD", "TRACE", "PATCH"] {
        assert_eq!(status(&server.ask(&format!("{method} /api/state"), &[&token])), 405, "{method}");
    }
    let answer = server.ask("GET /api/state", &[&token, &own]).to_lowercase();
    assert!(!answer.contains("access-control"), "{answer}");
    server.quit();
}

#[test]
fn without_the_secret_nothing_is_answered() {
    let mut server = Server::start();
    let bearer = |token: &str| format!("Authorization: Bearer {token}");
    let mut other = server.token.clone().into_bytes();
    other[31] = if other[31] == b'0' { b'1' } else { b'0' };
    let other = String::from_utf8(other).unwrap();
    let wrong = [
        bearer(""),
        bearer("0"),
        bearer(&other),
        bearer(&server.token[..31]),
        format!("Authorization: {}", server.token),
    ];
    for path in ["/api/state", "/api/nothing", "/api", "/api/doc/1/source", "/api/palette/magma"] {
        for line in &wrong {
            assert_eq!(status(&server.ask(&format!("GET {path}"), &[line])), 401, "{path} {line}");
        }
        assert_eq!(status(&server.ask(&format!("GET {path}"), &[])), 401, "{path}");
        assert_eq!(status(&server.ask(&format!("GET {path}?t={}", server.token), &[])), 401, "{path}");
        assert_eq!(
            status(&server.ask(&format!("GET {path}"), &[&format!("Cookie: t={}", server.token)])),
            401,
            "{path}"
        );
    }
    assert_eq!(status(&server.ask("POST /api/quit", &["Content-Length: 0"])), 401);
    assert_eq!(status(&server.ask("GET /api/state", &[&server.authorization()])), 200);
    server.quit();
}

#[test]
fn every_answer_carries_the_headers_and_no_path_leads_out_of_the_table() {
    let mut server = Server::start();
    let token = server.authorization();
    let answers = [
        server.ask("GET /", &[]),
        server.ask("GET /nothing", &[]),
        server.ask("GET /api/state", &[]),
        server.ask("GET /api/state", &[&token]),
        server.ask("GET http://evil.example/", &[]),
        server.ask("GET /api/doc/7/report", &[&token]),
        server.ask("PUT /", &[]),
    ];
    for answer in answers {
        let head = answer.split("\r\n\r\n").next().unwrap().to_lowercase();
        for line in [
            "content-security-policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src \
             blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for \
             'script'; trusted-types 'none'",
            "x-content-type-options: nosniff",
            "referrer-policy: no-referrer",
            "cache-control: no-store",
            "cross-origin-resource-policy: same-origin",
            "cross-origin-opener-policy: same-origin",
            "cross-origin-embedder-policy: require-corp",
        ] {
            assert!(head.lines().any(|told| told == line), "{line} is not in {head}");
        }
    }
    for path in [
        "/../Cargo.toml",
        "/..%2f..%2fetc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "//etc/passwd",
        "/studio.css/../../Cargo.toml",
        "/..\\..\\etc\\passwd",
        "/%00/etc/passwd",
        "/./studio.css",
    ] {
        let answer = server.ask(&format!("GET {path}"), &[]);
        assert!(matches!(status(&answer), 400 | 404), "{path}: {answer}");
        assert!(!answer.contains("root:") && !answer.contains("[package]"), "{path}");
    }
    for path in [
        "/api/doc/1/tile/../../../x",
        "/api/doc/18446744073709551616/report",
        "/api/doc/x/report",
        "/api/palette/..%2fx",
    ] {
        assert!(matches!(status(&server.ask(&format!("GET {path}"), &[&token])), 400 | 404), "{path}");
    }
    server.quit();
}

#[test]
fn what_is_too_long_is_refused_at_once() {
    let mut server = Server::start();
    let token = server.authorization();
    for (path, length) in
        [("/api/open", "3000000000"), ("/api/doc/1/phase", "3000000000"), ("/api/doc/1/recipe", "70000")]
    {
        let begun = Instant::now();
        let answer = server.ask(&format!("POST {path}"), &[&token, &format!("Content-Length: {length}")]);
        assert_eq!(status(&answer), 413, "{path}: {answer}");
        assert!(begun.elapsed() < Duration::from_secs(2), "{path}");
    }
    // The same of a body whose length is not told.
    let mut stream = server.connect();
    let head = format!(
        "POST /api/doc/1/recipe HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n{token}\r\nTransfer-Encoding: chunked\r\n\r\n",
        server.port
    );
    stream.write_all(head.as_bytes()).unwrap();
    for _ in 0..32 {
        if stream.write_all(format!("1000\r\n{}\r\n", " ".repeat(0x1000)).as_bytes()).is_err() {
            break;
        }
    }
    let _ = stream.shutdown(Shutdown::Write);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let answer = String::from_utf8_lossy(&answer);
    assert!(matches!(status(&answer), 0 | 400 | 413), "{answer}");
    // Neither an empty file nor a body that breaks off is opened.
    let answer = server.ask("POST /api/open", &[&token, "X-Name: a.png", "Content-Length: 0"]);
    assert_eq!(status(&answer), 400, "{answer}");
    server.quit();
}

/// Two bodies in one request, and heads that never end.
#[test]
fn ambiguous_and_endless_requests_are_refused() {
    let mut server = Server::start();
    let host = format!("Host: 127.0.0.1:{}", server.port);
    let both = format!(
        "POST / HTTP/1.1\r\n{host}\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\nGET /api/state HTTP/1.1\r\n{host}\r\n\r\n"
    );
    let answer = server.raw(&both);
    assert!(!answer.contains("documents"), "{answer}");
    let large = server.raw(&format!("GET / HTTP/1.1\r\n{host}\r\nX: {}\r\n\r\n", "a".repeat(1 << 20)));
    assert!(matches!(status(&large), 0 | 400 | 431), "{large}");
    let begun = Instant::now();
    let dawdling = server.raw("GET / HTTP/1.1\r\nHost: ");
    let waited = begun.elapsed();
    assert!(
        status(&dawdling) != 200 && waited > Duration::from_secs(5) && waited < Duration::from_secs(15),
        "{waited:?}"
    );
    server.quit();
}

#[test]
fn a_ninth_document_is_refused_and_nothing_is_left_of_any() {
    let mut server = Server::start();
    let token = server.authorization();
    let open = || server.ask("POST /api/open/demo", &[&token, "Content-Length: 0"]);
    for _ in 0..8 {
        let answer = open();
        assert!(answer.contains("\"result\""), "{answer}");
    }
    let answer = open();
    assert!(status(&answer) == 409 && answer.contains("8 documents are open. Close one first."), "{answer}");
    assert_eq!(status(&server.ask("POST /api/doc/3/close", &[&token, "Content-Length: 0"])), 200);
    assert_eq!(status(&server.ask("GET /api/doc/3/report", &[&token])), 404);
    assert!(open().contains("\"result\""));
    server.quit();
}
