//! All that the handlers share.

use crate::config::Config;
use crate::customers::Customers;
use crate::operations::Recorder;
use crate::policy::LiveShop;
use crate::purposes::Purposes;
use std::error::Error;
use std::sync::Arc;
use whyfor_serve::{DecisionLog, JsonLines, LogOptions};

pub struct Shop {
    pub policy: LiveShop,
    pub purposes: Arc<Purposes>,
    pub customers: Customers,
    pub log: Arc<DecisionLog>,
    pub recorder: Recorder,
    staff_token: Option<String>,
}

impl Shop {
    pub fn start(config: Config) -> Result<Self, Box<dyn Error>> {
        let purposes = Arc::new(Purposes::new());
        let policy = LiveShop::start(&config.policy, config.candidate.as_deref(), &purposes)?;
        let customers = config.customers.as_deref().map(Customers::read).transpose()?;
        let log = DecisionLog::new(JsonLines::new(config.log)?, LogOptions::default())?;
        Ok(Self {
            policy,
            purposes,
            customers: customers.unwrap_or_default(),
            log: Arc::new(log),
            recorder: Recorder::install()?,
            staff_token: config.staff_token,
        })
    }

    pub fn is_staff(&self, token: &str) -> bool {
        self.staff_token.as_deref() == Some(token)
    }
}
