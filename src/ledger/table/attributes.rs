//! The names of the attributes in which a type is stored, as `Deserialize` was derived for it: a change that writes a
//! record whole takes them from here, so that no list has to be kept beside the type.

use serde::de::value::Error;
use serde::de::{Deserializer, Visitor};
use serde::{Deserialize, forward_to_deserialize_any};

/// The names of all attributes that a stored struct may have. One that contains another with `flatten` has none that
/// could be told.
pub(crate) fn attributes_of<T: for<'de> Deserialize<'de>>() -> &'static [&'static str] {
    let mut asked = Asked::default();
    // A derived type says what fields it has, and then there is nothing for it to read.
    drop(T::deserialize(&mut asked));
    asked.fields
}

/// Gives nothing to read, and keeps what fields were asked for.
#[derive(Default)]
struct Asked {
    fields: &'static [&'static str],
}

impl<'de> Deserializer<'de> for &mut Asked {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Error> {
        Err(serde::de::Error::custom("there is nothing to read"))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.fields = fields;
        self.deserialize_any(visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}
