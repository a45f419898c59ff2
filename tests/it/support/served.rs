//! The web server of the program under test, on a port of its own, and a client that shows what really came.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use courant::config::zones::Zones;
use courant::model::allowance::Allowance;
use courant::model::newsletter::NewsletterId;
use courant::model::subscriber::{SubscriberId, SubscriptionState};
use courant::model::token::Token;
use courant::model::vetting::Vetting;
use courant::render::page::Site;
use courant::web::{Hub, Settings, Web};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::app::TestApp;

/// A server that ends with the test.
pub struct Served {
    base: String,
    pub web: Web,
    client: Client,
    shutdown: CancellationToken,
    tasks: TaskTracker,
}

/// An answer, read to its end.
pub struct Answer {
    pub status: StatusCode,
    headers: reqwest::header::HeaderMap,
    pub bytes: Vec<u8>,
}

impl TestApp {
    /// Starts the web server.
    pub async fn serve(&self) -> Served {
        self.serve_with(Allowance { burst: NonZeroU32::MAX, refill: Duration::from_secs(1) }).await
    }

    pub async fn serve_with(&self, allowance: Allowance) -> Served {
        let settings = Settings { allowance, ..self.web_settings() };
        let web = Web::new(self.store.clone(), self.clock.clone(), Arc::default(), settings);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let (shutdown, tasks) = (CancellationToken::new(), TaskTracker::new());
        tasks.spawn(web.clone().serve(listener, shutdown.clone()));
        let client = Client::builder().no_gzip().no_brotli().redirect(reqwest::redirect::Policy::none());
        Served { base, web, client: client.build().unwrap(), shutdown, tasks }
    }

    /// What the web server works by, as the configuration is now.
    pub fn web_settings(&self) -> Settings {
        let settings = self.settings();
        Settings {
            site: Site::new(settings.publication.clone(), settings.newsletters.clone()),
            paces: Vec::new(),
            podcasts: Vec::new(),
            hub: Hub::None,
            tombstones: false,
            cache_bytes: 16 << 20,
            trusted_proxies: vec!["127.0.0.1/32".parse().unwrap()],
            cors_origins: vec!["https://www.example.org".to_owned()],
            allowance: Allowance::CLIENT,
            sign_ups: Allowance::hourly(NonZeroU32::new(300).unwrap()),
            vetting: Vetting::default(),
            zones: Zones::built_in(),
        }
    }

    /// The path of the link in a confirmation.
    pub fn confirm_path(&self, id: SubscriberId) -> String {
        format!("/confirm/{}", self.store.key().sign(Token::Confirm(id, NewsletterId(0))))
    }

    /// The path of the way out in a digest.
    pub async fn unsubscribe_path(&self, id: SubscriberId, newsletter: &str) -> String {
        let token = Token::Subscription(id, self.standing(newsletter).await.id);
        format!("/unsubscribe/{}", self.store.key().sign(token))
    }

    /// The path of the page, in a digest, on which its reader manages what they get.
    pub async fn manage_path(&self, id: SubscriberId, newsletter: &str) -> String {
        self.unsubscribe_path(id, newsletter).await.replace("/unsubscribe/", "/manage/")
    }

    /// Where a subscription stands.
    pub async fn state(&self, id: SubscriberId, newsletter: &str) -> Option<SubscriptionState> {
        let subscriptions = self.store.subscriptions(id).await.unwrap();
        subscriptions.into_iter().find(|own| own.newsletter == newsletter).map(|own| own.state)
    }
}

impl Served {
    pub async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path, &[]).await
    }

    /// The answer once the document is there in brotli's coding: until then who likes it gets another.
    pub async fn ask_for_brotli(&self, path: &str) -> Answer {
        for _ in 0..100_000 {
            let answer = self.ask(Method::GET, path, &[("accept-encoding", "br, gzip;q=0.9")]).await;
            if answer.header("content-encoding") == "br" {
                return answer;
            }
            assert_eq!(answer.header("content-encoding"), "gzip", "nobody is kept waiting");
        }
        panic!("{path} is not packed");
    }

    pub async fn ask(&self, method: Method, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = self.request(method, path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Answer::read(request.send().await.unwrap()).await
    }

    /// Posts a form, as a browser writes it.
    pub async fn post(&self, path: &str, form: &str) -> Answer {
        let request = self.request(Method::POST, path).body(form.to_owned());
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        Answer::read(request.send().await.unwrap()).await
    }

    /// The whole address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// The port that it listens on.
    pub fn port(&self) -> u16 {
        self.base.rsplit(':').next().unwrap().parse().unwrap()
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.base))
    }

    /// Sends bytes that no client would, and returns what comes back until the server hangs up.
    pub async fn say(&self, request: &str) -> String {
        let mut stream = TcpStream::connect(self.base.trim_start_matches("http://")).await.unwrap();
        // The server may answer and hang up before it has read everything.
        let _ = stream.write_all(request.as_bytes()).await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// Ends the server; what is under way is answered.
    pub async fn stop(self) {
        self.shutdown.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.shutdown.cancel();
    }
}

impl Answer {
    pub async fn read(response: Response) -> Self {
        let (status, headers) = (response.status(), response.headers().clone());
        Self { status, headers, bytes: response.bytes().await.unwrap().to_vec() }
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.bytes).unwrap()
    }

    /// Its headers, by name.
    pub fn all_headers(&self) -> Vec<(String, String)> {
        let text = |value: &reqwest::header::HeaderValue| value.to_str().unwrap().to_owned();
        self.headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect()
    }

    /// A header's value; empty if there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}
