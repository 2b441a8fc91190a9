//! Meta's webhook tells of Pages and of Instagram accounts under either address: here, where both are known, each gets
//! its reader.

use http::StatusCode;
use policy::Platform;

use crate::facebook::{self, Facebook};
use crate::instagram::{self, Instagram};
use crate::meta::{Reader, parse};
use crate::{Accounts, Delivery, Malformed, Tells};

static FACEBOOK: Reader = Reader { platform: Platform::Facebook, event: facebook::event };
static INSTAGRAM: Reader = Reader { platform: Platform::Instagram, event: instagram::event };

impl Tells for Facebook {
    fn parse(&self, body: &[u8], accounts: &Accounts) -> Result<Delivery, Malformed> {
        parse([&FACEBOOK, &INSTAGRAM], body, accounts)
    }

    /// 200: Meta would repeat it for 36 hours, and switches the messaging webhooks off after one.
    fn on_malformed(&self) -> StatusCode {
        StatusCode::OK
    }
}

impl Tells for Instagram {
    fn parse(&self, body: &[u8], accounts: &Accounts) -> Result<Delivery, Malformed> {
        parse([&INSTAGRAM, &FACEBOOK], body, accounts)
    }

    /// 200, as on Facebook.
    fn on_malformed(&self) -> StatusCode {
        StatusCode::OK
    }
}
