//! The server: connections on this computer's own address, and their end.

use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// Longest that a client takes to send the head of its request. One that sends a byte a minute would hold a connection for
/// ever.
const HEADER_TIMEOUT: Duration = Duration::from_secs(10);

/// How long jobs and connections may take to end.
pub(crate) const GRACE: Duration = Duration::from_secs(3);

/// Most connections at once: a browser opens six.
const MAX_CONNECTIONS: usize = 64;

/// Pause after a connection that could not be accepted, such as for want of file descriptors.
const RETRY: Duration = Duration::from_millis(50);

/// Serves until `stop` is true; connections then end with the request that they are at.
pub(crate) async fn serve(listener: TcpListener, router: Router, mut stop: watch::Receiver<bool>) {
    let (mut connections, signal) = (JoinSet::new(), stop.clone());
    loop {
        let is_full = connections.len() >= MAX_CONNECTIONS;
        tokio::select! {
            _ = stop.wait_for(|stop| *stop) => break,
            Some(_) = connections.join_next() => {}
            accepted = listener.accept(), if !is_full => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(connection(stream, router.clone(), signal.clone()));
                }
                Err(_) => tokio::time::sleep(RETRY).await,
            },
        }
    }
    let _ = tokio::time::timeout(GRACE, async { while connections.join_next().await.is_some() {} }).await;
}

/// One connection. What goes wrong with it concerns nobody else.
async fn connection(stream: TcpStream, router: Router, mut stop: watch::Receiver<bool>) {
    // Small answers, such as a line of progress, go out at once.
    let _ = stream.set_nodelay(true);
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEADER_TIMEOUT);
    let connection = builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    let mut connection = std::pin::pin!(connection);
    let is_over = tokio::select! {
        _ = connection.as_mut() => true,
        _ = stop.wait_for(|stop| *stop) => false,
    };
    if !is_over {
        connection.as_mut().graceful_shutdown();
        let _ = connection.await;
    }
}
