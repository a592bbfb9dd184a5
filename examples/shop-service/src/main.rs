//! A shop whose service asks its policy before it collects, shows or shares anything.
//!
//! - `routes`: what customers and staff can do, a file for each;
//! - `policy`: the live policy, the names that the code uses, what a request gets; `facts`: what is known in a request;
//! - `purposes`: the views and intakes; `deidentify`: how the code fulfils a duty;
//! - `session`: who asks; `consents`, `customers`: the data;
//! - `operations`: `/metrics` and `/status`; `problem`, `failures`: errors; `config`, `shop`, `shutdown`: how it starts and ends.

mod config;
mod consents;
mod customers;
mod deidentify;
mod facts;
mod failures;
mod operations;
mod policy;
mod problem;
mod purposes;
mod routes;
mod session;
mod shop;
mod shutdown;

use config::Config;
use shop::Shop;
use std::error::Error;
use std::future::IntoFuture;
use std::sync::Arc;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let config = Config::from_environment();
    let public = TcpListener::bind(&config.address).await?;
    let inner = TcpListener::bind(&config.operations).await?;
    let ends = [shutdown::signal()?, shutdown::signal()?];
    let shop = Arc::new(Shop::start(config)?);
    println!("customers and staff: http://{}", public.local_addr()?);
    println!("operators: http://{}", inner.local_addr()?);

    let [end, end_of_inner] = ends;
    let served = axum::serve(public, routes::all(&shop)).with_graceful_shutdown(end);
    let operated = axum::serve(inner, operations::routes(Arc::clone(&shop)))
        .with_graceful_shutdown(end_of_inner);
    tokio::try_join!(served.into_future(), operated.into_future())?;

    shop.log.flush(); // all requests are answered
    println!("{} decisions are in the log", shop.log.status().written);
    Ok(())
}
