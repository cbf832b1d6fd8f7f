//! `focus = "40% 20%"` → the point of a picture that stays in view where the picture is cut.

/// A point, in per cent from the left and from the top.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Focus {
    pub(crate) x: u8,
    pub(crate) y: u8,
}

impl Default for Focus {
    fn default() -> Self {
        Self { x: 50, y: 50 }
    }
}

impl Focus {
    /// The classes of an image whose focus is near a side, for a style sheet that cuts it further.
    pub(crate) fn sides(self) -> impl Iterator<Item = &'static str> {
        let side = |share: u8, first, last| match share {
            0..34 => Some(first),
            67.. => Some(last),
            _ => None,
        };
        let sides = [side(self.x, "focus-left", "focus-right"), side(self.y, "focus-top", "focus-bottom")];
        sides.into_iter().flatten()
    }

    /// The point as authors write it: two shares in per cent, or words such as `left`, `top right`; `None` for anything else.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.to_ascii_lowercase();
        let is_between = |letter: char| matches!(letter, ' ' | ',') || letter == '-' && !text.contains('%');
        let parts: Vec<&str> = text.split(is_between).filter(|part| !part.is_empty()).collect();
        let share =
            |part: &str| part.strip_suffix('%')?.parse::<f64>().ok().filter(|share| (0.0..=100.0).contains(share));
        if let [x, y] = parts[..]
            && let (Some(x), Some(y)) = (share(x), share(y))
        {
            return Some(Self { x: whole(x), y: whole(y) });
        }
        let (mut x, mut y) = (None, None);
        let mut middles = 0;
        for part in &parts {
            let (side, place) = match *part {
                "left" => (&mut x, 0),
                "right" => (&mut x, 100),
                "top" => (&mut y, 0),
                "bottom" => (&mut y, 100),
                "center" | "centre" | "middle" => {
                    middles += 1;
                    continue;
                }
                _ => return None,
            };
            if side.replace(place).is_some() {
                return None;
            }
        }
        let is_right = (1..=2).contains(&parts.len())
            && middles + usize::from(x.is_some()) + usize::from(y.is_some()) == parts.len();
        is_right.then(|| Self { x: x.unwrap_or(50), y: y.unwrap_or(50) })
    }
}

/// A share in whole per cent.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is from 0 to 100")]
fn whole(share: f64) -> u8 {
    share.round() as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_is_two_shares_or_sides() {
        for (text, point) in [
            ("40% 20%", Some((40, 20))),
            ("0% 100%", Some((0, 100))),
            ("33.4%, 20%", Some((33, 20))),
            ("left", Some((0, 50))),
            ("top", Some((50, 0))),
            ("Top Right", Some((100, 0))),
            ("right top", Some((100, 0))),
            ("bottom-left", Some((0, 100))),
            ("centre", Some((50, 50))),
            ("center top", Some((50, 0))),
            ("40 20", None),
            ("40%", None),
            ("140% 20%", None),
            ("-4% 20%", None),
            ("left right", None),
            ("left left", None),
            ("", None),
            ("face", None),
            ("40% top", None),
            ("centre centre centre", None),
        ] {
            assert_eq!(Focus::parse(text).map(|one| (one.x, one.y)), point, "{text}");
        }
    }
}
