//! How sure a share of few lines is.

use serde::Serialize;

/// The quantile of the normal distribution that leaves 2.5 % above it: for intervals of 95 %.
const Z: f64 = 1.959_963_984_540_054;

/// How many of how many, with the 95 % interval of the share behind it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Share {
    pub count: usize,
    pub of: usize,
    /// The share, from 0 to 1; `None` where there is nothing to share.
    pub share: Option<f64>,
    /// The ends of the interval.
    pub low: Option<f64>,
    pub high: Option<f64>,
}

impl Share {
    /// Wilson's score interval (Wilson 1927, without continuity correction): unlike the textbook one, it stays within
    /// 0 and 1 and holds for shares of nothing and of everything.
    pub fn new(count: usize, of: usize) -> Self {
        if of == 0 {
            return Self { count, of, share: None, low: None, high: None };
        }
        let n = of as f64;
        let share = count as f64 / n;
        let spread = Z * Z / n;
        let centre = (share + spread / 2.0) / (1.0 + spread);
        let half = Z / (1.0 + spread) * (share * (1.0 - share) / n + spread / (4.0 * n)).sqrt();
        // Rounding errors would otherwise show at both ends.
        let low = if count == 0 { 0.0 } else { centre - half };
        let high = if count == of { 1.0 } else { centre + half };
        Self { count, of, share: Some(share), low: Some(low), high: Some(high) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The values that R. G. Newcombe computed for this method ("Two-sided confidence intervals for the single
    /// proportion", Statistics in Medicine 17, 1998, table I, method 3).
    #[test]
    fn the_intervals_are_those_of_the_published_table() {
        for (count, of, low, high) in
            [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)]
        {
            let share = Share::new(count, of);
            let (found_low, found_high) = (share.low.unwrap(), share.high.unwrap());
            assert!((found_low - low).abs() < 0.00005, "{count} of {of}: {found_low}, expected {low}");
            assert!((found_high - high).abs() < 0.00005, "{count} of {of}: {found_high}, expected {high}");
        }
    }

    /// By hand: with n = 4 and p = 1/2 the centre is 1/2 and the half width Z / (1 + Z²/4) * sqrt(1/16 + Z²/64), which
    /// is Z / (2 sqrt(4 + Z²)) = 1.95996 / (2 * 2.80026) = 0.34996.
    #[test]
    fn half_of_four_is_between_15_and_85_percent() {
        let Share { share, low, high, .. } = Share::new(2, 4);
        assert_eq!(share, Some(0.5));
        assert!((low.unwrap() - 0.15004).abs() < 0.00001 && (high.unwrap() - 0.84996).abs() < 0.00001);
    }

    #[test]
    fn everything_and_nothing_end_at_one_and_at_zero() {
        assert_eq!(Share::new(7, 7).high, Some(1.0));
        assert_eq!(Share::new(0, 7).low, Some(0.0));
        assert!(Share::new(7, 7).low.unwrap() > 0.6 && Share::new(0, 7).high.unwrap() < 0.4);
    }

    #[test]
    fn nothing_of_nothing_has_no_share() {
        assert_eq!(Share::new(0, 0), Share { count: 0, of: 0, share: None, low: None, high: None });
    }
}
