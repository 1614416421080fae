//! The OpenAPI document, made of the handlers that are registered, completed by what all of them
//! may answer; and what follows from it: which methods an address takes.

use actix_web::dev::ResourceDef;
use utoipa::openapi::path::PathItem;
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{
    ComponentsBuilder, Contact, Content, InfoBuilder, OpenApi, OpenApiBuilder, Ref, RefOr,
    Response, ResponseBuilder,
};

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

/// What any request may be answered with, whatever its handler says of itself: status, description,
/// and which requests.
const SHARED: [(&str, &str, Whose); 9] = [
    ("400", "The request is not what it should be", Whose::All),
    ("401", "No valid token", Whose::All),
    ("403", "Not with this token, or a page of another site asks", Whose::All),
    ("404", "There is no such thing, or it is not for the caller", Whose::WithPath),
    ("408", "The request took too long", Whose::All),
    ("409", "The state of things does not allow it", Whose::WithBody),
    ("413", "The body is too large", Whose::WithBody),
    ("500", "The server failed: the cause is in its log", Whose::All),
    ("503", "The server is busy, or a view is behind: see `Retry-After`", Whose::All),
];

/// Which requests.
#[derive(Clone, Copy)]
enum Whose {
    All,
    WithPath,
    WithBody,
}

/// Completes what the handlers say of themselves: the answers that any of them may give, and the
/// type that every problem has.
pub(super) fn complete(api: &mut OpenApi) {
    for (path, item) in &mut api.paths.paths {
        let all = [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
        for operation in all.into_iter().flatten() {
            let responses = &mut operation.responses.responses;
            for (status, description, whose) in SHARED {
                let applies = match whose {
                    Whose::All => true,
                    Whose::WithPath => path.contains('{'),
                    Whose::WithBody => operation.request_body.is_some(),
                };
                if applies && !responses.contains_key(status) {
                    let problem = Content::new(Some(Ref::from_schema_name("Problem")));
                    let response = ResponseBuilder::new().description(description);
                    let response = response.content(PROBLEM_JSON, problem).build();
                    responses.insert(status.to_owned(), RefOr::T(response));
                }
            }
            responses.values_mut().for_each(name_problem);
        }
    }
}

const PROBLEM_JSON: &str = "application/problem+json";

fn name_problem(response: &mut RefOr<Response>) {
    let RefOr::T(response) = response else { return };
    let content = std::mem::take(&mut response.content).into_iter();
    let named = content.map(|(kind, content)| {
        if is_problem(&content) { (PROBLEM_JSON.to_owned(), content) } else { (kind, content) }
    });
    response.content = named.collect();
}

fn is_problem(content: &RefOr<Content>) -> bool {
    let RefOr::T(Content { schema: Some(RefOr::Ref(schema)), .. }) = content else { return false };
    schema.ref_location.ends_with("/Problem")
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
