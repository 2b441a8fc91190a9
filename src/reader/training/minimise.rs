//! The minimum of a smooth function that has one: L-BFGS (Nocedal 1980), with a line search that only asks for a
//! sufficient decrease.

/// How many steps are remembered.
const MEMORY: usize = 6;
/// How much of the decrease that the slope promises is enough.
const ENOUGH: f64 = 1e-4;
/// How often a step is halved before the search gives up.
const MOST_HALVINGS: usize = 20;

/// Goes down from `at`, until a step lowers the value by less than the part `tolerance` of it, or after `most` steps.
/// `slope` gives the value at a place and writes the gradient there.
pub(super) fn minimise(at: &mut [f64], most: usize, tolerance: f64, mut slope: impl FnMut(&[f64], &mut [f64]) -> f64) {
    let mut gradient = vec![0.0; at.len()];
    let mut value = slope(at, &mut gradient);
    let mut steps: Vec<(Vec<f64>, Vec<f64>, f64)> = Vec::new();
    let mut next = vec![0.0; at.len()];
    let mut next_gradient = vec![0.0; at.len()];
    for _ in 0..most {
        let direction = direction(&gradient, &steps);
        let promise = dot(&direction, &gradient);
        let mut length = if steps.is_empty() { 1.0 / dot(&gradient, &gradient).sqrt().max(1e-12) } else { 1.0 };
        let mut lower = None;
        for _ in 0..MOST_HALVINGS {
            for ((next, at), direction) in next.iter_mut().zip(&*at).zip(&direction) {
                *next = at + length * direction;
            }
            let tried = slope(&next, &mut next_gradient);
            if tried <= value + ENOUGH * length * promise {
                lower = Some(tried);
                break;
            }
            length /= 2.0;
        }
        let Some(tried) = lower else { return };
        let moved: Vec<f64> = next.iter().zip(&*at).map(|(next, at)| next - at).collect();
        let turned: Vec<f64> = next_gradient.iter().zip(&gradient).map(|(next, before)| next - before).collect();
        let curvature = dot(&moved, &turned);
        if curvature > 0.0 {
            if steps.len() == MEMORY {
                steps.remove(0);
            }
            steps.push((moved, turned, curvature));
        }
        at.copy_from_slice(&next);
        std::mem::swap(&mut gradient, &mut next_gradient);
        let gained = value - tried;
        value = tried;
        if gained <= tolerance * value.abs() {
            return;
        }
    }
}

/// Where to go, by the gradient and the curvature along the last steps.
fn direction(gradient: &[f64], steps: &[(Vec<f64>, Vec<f64>, f64)]) -> Vec<f64> {
    let mut direction: Vec<f64> = gradient.iter().map(|slope| -slope).collect();
    let mut parts = Vec::with_capacity(steps.len());
    for (moved, turned, curvature) in steps.iter().rev() {
        let part = dot(moved, &direction) / curvature;
        add(&mut direction, turned, -part);
        parts.push(part);
    }
    if let Some((_, turned, curvature)) = steps.last() {
        let scale = curvature / dot(turned, turned);
        direction.iter_mut().for_each(|along| *along *= scale);
    }
    for ((moved, turned, curvature), part) in steps.iter().zip(parts.into_iter().rev()) {
        let other = dot(turned, &direction) / curvature;
        add(&mut direction, moved, part - other);
    }
    direction
}

fn dot(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(one, other)| one * other).sum()
}

fn add(to: &mut [f64], what: &[f64], times: f64) {
    for (to, what) in to.iter_mut().zip(what) {
        *to += times * what;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_bottom_of_a_long_valley() {
        // Rosenbrock's function: its bottom is at (1, 1).
        let mut at = [-1.2, 1.0];
        minimise(&mut at, 200, 0.0, |at, gradient| {
            let (x, y) = (at[0], at[1]);
            gradient[0] = -2.0 * (1.0 - x) - 400.0 * x * (y - x * x);
            gradient[1] = 200.0 * (y - x * x);
            (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2)
        });
        assert!((at[0] - 1.0).abs() < 1e-4 && (at[1] - 1.0).abs() < 1e-4, "{at:?}");
    }
}
