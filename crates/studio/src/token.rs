//! The secret that the printed link carries and every request to `/api` repeats.

use std::fmt;

use subtle::ConstantTimeEq;

use crate::StudioError;

/// Bytes of it: 128 bits.
const BYTES: usize = 16;

/// How a request repeats it: `Authorization: Bearer TOKEN`.
const SCHEME: &str = "Bearer ";

/// A secret of 128 random bits, as 32 hexadecimal digits.
#[derive(Clone)]
pub(crate) struct Token(String);

impl Token {
    /// A new one, from the operating system's random numbers.
    ///
    /// # Errors
    /// Where the system has none.
    pub(crate) fn random() -> Result<Self, StudioError> {
        let mut bytes = [0; BYTES];
        getrandom::fill(&mut bytes).map_err(|error| StudioError::Random(error.to_string()))?;
        Ok(Self(format!("{:032x}", u128::from_be_bytes(bytes))))
    }

    /// Whether a request's `Authorization` is this secret. The time it takes does not depend on how much of it is right.
    pub(crate) fn is_in(&self, authorization: Option<&[u8]>) -> bool {
        let told = authorization.and_then(|value| value.strip_prefix(SCHEME.as_bytes())).unwrap_or_default();
        told.ct_eq(self.0.as_bytes()).into()
    }
}

/// The digits, for the link alone.
impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Nothing that is logged shows it.
impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_whole_secret_is_right_and_no_two_are_alike() {
        let (token, other) = (Token::random().unwrap(), Token::random().unwrap());
        let text = token.to_string();
        assert!(text.len() == 2 * BYTES && text != other.to_string());
        assert!(token.is_in(Some(format!("Bearer {text}").as_bytes())));
        for wrong in [&text, "", "Bearer ", "Bearer 0", &format!("Bearer {other}"), &format!("Bearer {text}0")] {
            assert!(!token.is_in(Some(wrong.as_bytes())), "{wrong}");
        }
        assert!(!token.is_in(None) && !format!("{token:?}").contains(&text));
    }
}
