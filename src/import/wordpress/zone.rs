//! The moments of posts in the site's time and in UTC → the zone of the site.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// Zones that are tried, the likeliest first.
const ZONES: &[&str] = &[
    "Europe/London",
    "Europe/Dublin",
    "Europe/Berlin",
    "Europe/Paris",
    "Europe/Athens",
    "Europe/Moscow",
    "Europe/Lisbon",
    "Europe/Istanbul",
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Toronto",
    "America/Halifax",
    "America/St_Johns",
    "America/Mexico_City",
    "America/Bogota",
    "America/Sao_Paulo",
    "America/Argentina/Buenos_Aires",
    "America/Santiago",
    "Africa/Lagos",
    "Africa/Johannesburg",
    "Africa/Nairobi",
    "Africa/Cairo",
    "Asia/Dubai",
    "Asia/Karachi",
    "Asia/Kolkata",
    "Asia/Dhaka",
    "Asia/Bangkok",
    "Asia/Singapore",
    "Asia/Shanghai",
    "Asia/Tokyo",
    "Australia/Sydney",
    "Australia/Brisbane",
    "Australia/Adelaide",
    "Australia/Perth",
    "Pacific/Auckland",
    "UTC",
];

/// The first zone in which all these pairs are the same moment; `None` if there is none, or nothing to tell it by.
pub(super) fn of<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Option<&'static str> {
    let pairs: Vec<(DateTime, DateTime)> =
        pairs.filter_map(|(here, utc)| Some((moment(here)?, moment(utc)?))).take(2000).collect();
    if pairs.is_empty() {
        return None;
    }
    // A site that was set to another zone once has some posts of the former one: nine of ten must agree.
    let fits = |zone: &TimeZone| {
        pairs
            .iter()
            .filter(|(here, utc)| {
                let real = utc.to_zoned_datetime(TimeZone::UTC).map(|utc| utc.with_time_zone(zone.clone()).datetime());
                real.is_ok_and(|real| real == *here)
            })
            .count()
    };
    let counted = ZONES.iter().filter_map(|name| Some((*name, fits(&TimeZone::get(name).ok()?))));
    let best = counted.fold(("", 0), |best, one| if one.1 > best.1 { one } else { best });
    (best.1 * 10 >= pairs.len() * 9).then_some(best.0)
}

fn moment(text: &str) -> Option<DateTime> {
    let text = text.get(..19)?.replacen(' ', "T", 1);
    text.parse().ok().filter(|moment: &DateTime| moment.year() > 1970)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_zone_is_told_by_summer_and_winter() {
        let of = |pairs: &[(&'static str, &'static str)]| super::of(pairs.iter().copied());
        let winter = ("2024-01-15 10:00:00", "2024-01-15 10:00:00");
        assert_eq!(of(&[winter, ("2024-07-15 10:00:00", "2024-07-15 09:00:00")]), Some("Europe/London"));
        assert_eq!(of(&[winter, ("2024-07-15 10:00:00", "2024-07-15 10:00:00")]), Some("UTC"));
        assert_eq!(
            of(&[("2024-01-15 10:00:00", "2024-01-15 15:00:00"), ("2024-07-15 10:00:00", "2024-07-15 14:00:00")]),
            Some("America/New_York")
        );
        assert_eq!(of(&[("2024-01-15 10:00:00", "2024-01-15 10:07:00"), ("0000-00-00 00:00:00", "")]), None);
    }
}
