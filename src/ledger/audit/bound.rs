//! The hashes that the seal of a day binds, in their order: by them a later sealing tells which entries came late, and
//! an export tells which are no longer there.

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use jiff::civil::Date;

use crate::audit::hash::Hash;
use crate::table::item::Item;
use crate::table::store::{Query, Span};
use crate::table::tables::Table;
use crate::table::write::Write;
use crate::{Ledger, LedgerError};

/// How many hashes stand in one item, which takes 400 KB.
const PART: usize = 8_000;
const HASHES: &str = "hashes";

impl Ledger {
    /// Keeps them, under a key that contains their root: keeping them again changes nothing.
    pub(super) async fn keep_bound(&self, day: Date, root: &Hash, hashes: &[Hash]) -> Result<(), LedgerError> {
        for (number, part) in hashes.chunks(PART).enumerate() {
            let bytes: Vec<u8> = part.iter().flat_map(|hash| *hash.as_bytes()).collect();
            let item = Item::from([(HASHES.to_owned(), AttributeValue::B(Blob::new(bytes)))]);
            let key = self.keys.bound_part(day, &root.to_string(), number);
            // If it is there already, it is the same: the root says so.
            self.store.write(Write::New(Table::Audit, key, item)).await?;
        }
        Ok(())
    }

    /// The hashes that the seal with this root binds.
    pub(super) async fn bound(&self, day: Date, root: &Hash) -> Result<Vec<Hash>, LedgerError> {
        let partition = self.keys.bound(day);
        let prefix = format!("{root}#");
        let query = Query { span: Span::Beginning(&prefix), ..Query::of(Table::Audit, &partition) };
        let mut hashes = Vec::new();
        for item in self.store.query(query).await? {
            let corrupt = || LedgerError::Corrupt { what: "list of sealed hashes", field: HASHES.to_owned() };
            let bytes = item.get(HASHES).and_then(|value| value.as_b().ok()).ok_or_else(corrupt)?;
            let (whole, rest) = bytes.as_ref().as_chunks::<32>();
            if !rest.is_empty() {
                return Err(corrupt());
            }
            hashes.extend(whole.iter().copied().map(Hash::from_bytes));
        }
        Ok(hashes)
    }
}
