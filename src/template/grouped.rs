//! The filter `group_by` → groups in the order of their first member. Tera's own has them in another order in each run, so that
//! two builds of one site would differ.

use std::sync::Arc;

use tera::value::Key;
use tera::{Error, Kwargs, Map, State, Tera, TeraResult, Value};

use crate::index::Index;

/// Puts the filter in the place of Tera's own.
pub(super) fn register(tera: &mut Tera) {
    tera.register_filter("group_by", group_by);
}

fn group_by(all: &[Value], kwargs: Kwargs, _: &State) -> TeraResult<Map> {
    let attribute = kwargs.must_get::<&str>("attribute")?;
    let mut groups: Index<Key<'static>, Vec<Value>> = Index::default();
    for one in all {
        match one.get_from_path(attribute) {
            None => {
                return Err(Error::message(format!(
                    "`group_by` finds nothing called `{attribute}` in one of the values"
                )));
            }
            Some(value) if value.is_none() => {}
            Some(value) => groups.entry(key(value)?).or_default().push(one.clone()),
        }
    }
    Ok(groups.into_iter().map(|(key, group)| (key, group.into())).collect())
}

fn key(value: &Value) -> TeraResult<Key<'static>> {
    if let Some(text) = value.as_str() {
        return Ok(Key::String(Arc::from(text)));
    }
    if let Some(truth) = value.as_bool() {
        return Ok(Key::Bool(truth));
    }
    value
        .to_string()
        .parse()
        .map(Key::I64)
        .map_err(|_| Error::message("`group_by` groups by texts and whole numbers only"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_stand_in_the_order_of_their_first_member() {
        let mut tera = Tera::new();
        register(&mut tera);
        let text = "{% set all = [{\"n\": \"z\"}, {\"n\": \"a\"}, {\"n\": \"m\"}, {\"n\": \"a\"}, {\"n\": none}, {\"n\": \"b\"}] %}\
            {% for name, those in all | group_by(attribute=\"n\") %}{{ name }}{{ those | length }} {% endfor %}";
        tera.add_raw_template("it", text).expect("a template");
        for _ in 0..8 {
            assert_eq!(tera.render("it", &tera::Context::new()).expect("rendered"), "z1 a2 m1 b1 ");
        }
    }
}
