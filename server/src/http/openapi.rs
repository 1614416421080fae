//! The OpenAPI document, made of the handlers that are registered, and what follows from it: which
//! methods an address takes.

use actix_web::dev::ResourceDef;
use utoipa::openapi::path::PathItem;
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{ComponentsBuilder, Contact, InfoBuilder, OpenApi, OpenApiBuilder};

/// What the handlers do not say: the title, and how a request shows its token.
pub(super) fn frame() -> OpenApi {
    let info = InfoBuilder::new()
        .title("Oogst")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "Groups co-edit a harvest live. Documents themselves are edited through `/sync`, \
             which speaks automerge-repo's protocol; this describes the rest. Every error is \
             `application/problem+json`. Unknown fields in a request are refused; fields left \
             out of a PUT or PATCH stay as they are.",
        ))
        .contact(None::<Contact>)
        .build();
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
    let cookie = ApiKeyValue::with_description(
        "oogst",
        "Set by a join. Alone it needs our own `Origin`, or `Sec-Fetch-Site: same-origin`.",
    );
    let query = ApiKeyValue::with_description("token", "At `/sync` and the feed alone.");
    let components = ComponentsBuilder::new()
        .security_scheme("bearer", SecurityScheme::Http(bearer))
        .security_scheme("cookie", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)))
        .security_scheme("query", SecurityScheme::ApiKey(ApiKey::Query(query)))
        .build();
    let requirement = |name: &str| SecurityRequirement::new(name, Vec::<String>::new());
    OpenApiBuilder::new()
        .info(info)
        .components(Some(components))
        .security(Some([requirement("bearer"), requirement("cookie")]))
        .build()
}

/// Which methods each address takes.
#[derive(Clone)]
pub(super) struct Routes(Vec<(ResourceDef, String)>);

impl Routes {
    pub(super) fn of(api: &OpenApi) -> Self {
        let entry = |(path, item): (&String, &PathItem)| {
            (ResourceDef::new(path.as_str()), methods(item).join(", "))
        };
        Self(api.paths.paths.iter().map(entry).collect())
    }

    /// The methods that `path` takes, parted by commas; `None` where it takes none.
    pub(super) fn allowed(&self, path: &str) -> Option<String> {
        let (_, allowed) = self.0.iter().find(|(pattern, _)| pattern.is_match(path))?;
        Some(allowed.clone())
    }
}

fn methods(item: &PathItem) -> Vec<&'static str> {
    let all = [
        ("GET", item.get.is_some()),
        ("POST", item.post.is_some()),
        ("PUT", item.put.is_some()),
        ("PATCH", item.patch.is_some()),
        ("DELETE", item.delete.is_some()),
    ];
    all.into_iter().filter_map(|(method, there)| there.then_some(method)).collect()
}
