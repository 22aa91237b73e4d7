//! Phone numbers of the directory: every form that there is, and nobody's own mobile number in public.

use lianjie::access::{Role, Scope};
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::directory::Listing;

#[tokio::test]
async fn a_mobile_number_is_public_only_where_the_organization_says_that_it_is_its_offices() {
    let test = TestApp::start().await;
    test.account("registrar1", None, Role::Registrar, Scope::All).await;
    let listing = Listing::new(&test, "四点半放学护送", &["EDU-13"], "320116012")
        .with(|one| one.organization.phones = vec!["13900000000".into(), "025-57501234".into()])
        .put(&test)
        .await;
    let (organization, service) = (listing.organization.id.to_string(), listing.service.id.to_string());
    test.indexed().await;
    let public = [
        format!("/organizations/{organization}"),
        format!("/api/v1/organizations/{organization}"),
        format!("/services/{service}"),
        format!("/services/{service}/card"),
        format!("/api/v1/services/{service}/card"),
        format!("/hsds/organizations/{organization}"),
        format!("/hsds/services/{service}"),
        "/hsds/services?full=true".to_owned(),
        "/services?q=放学护送".to_owned(),
    ];
    let visitor = test.visitor();
    for path in &public {
        let text = visitor.get(path).await.expect(200).text;
        assert!(!text.contains("13900000000"), "{path}: {text}");
        assert!(text.contains("025-57501234"), "{path}: {text}");
    }
    // Who registered an organization of its own is no worker of the directory.
    let other = Listing::new(&test, "周末自习室", &["EDU-13"], "320116012").put(&test).await.organization.id;
    test.account("provider1", Some(&other), Role::Provider, Scope::Organization(other.clone())).await;
    let provider = test.signed_in("provider1").await;
    for path in &public {
        let text = provider.get(path).await.expect(200).text;
        assert!(!text.contains("13900000000"), "{path}: {text}");
    }
    let registrar = test.signed_in("registrar1").await;
    let page = registrar.get(&format!("/organizations/{organization}")).await.expect(200).text;
    assert!(page.contains("tel:13900000000") && page.contains("13900000000 是手机号，不对外公开"), "{page}");
    let form = registrar.get(&format!("/organizations/{organization}/edit")).await.expect(200).text;
    assert!(form.contains("个人手机不该写进公开名录") && form.contains("name=\"office_phones\""), "{form}");

    let change = json!({"version": 1, "office_phones": ["139-0000-0000", "025-57501234"]});
    let changed = registrar.send("PATCH", &format!("/api/v1/organizations/{organization}"), &change).await.expect(200).json();
    assert_eq!(changed["organization"]["office_phones"], json!(["13900000000"]), "a landline is nobody's own anyway");
    for path in public.iter().filter(|path| !path.contains('?')) {
        assert!(visitor.get(path).await.expect(200).text.contains("13900000000"), "{path}");
    }
    let page = registrar.get(&format!("/organizations/{organization}/versions")).await.expect(200).text;
    assert!(page.contains("办公用的手机号"), "{page}");
}

#[tokio::test]
async fn the_form_keeps_which_mobile_numbers_are_the_offices() {
    let test = TestApp::start().await;
    test.account("registrar1", None, Role::Registrar, Scope::All).await;
    let listing = Listing::new(&test, "四点半放学护送", &["EDU-13"], "320116012")
        .with(|one| {
            one.organization.phones = vec!["13900000000".into(), "013900000001".into()];
            one.organization.office_phones = vec!["13900000000".into()];
        })
        .put(&test)
        .await;
    let id = listing.organization.id.to_string();
    let registrar = test.signed_in("registrar1").await;
    let path = format!("/organizations/{id}/edit");
    let form = registrar.get(&path).await.expect(200);
    let ticked = |text: &str| text.split("<input").any(|tag| tag.contains("name=\"office_phones\"") && tag.contains(" checked"));
    assert!(!ticked(&form.text), "one of them is nobody's business: {}", form.text);
    let fields = |more: &[(&'static str, &'static str)]| {
        let mut fields = vec![
            ("kind", "社工机构"),
            ("name", "青藤社会工作服务中心"),
            ("division", "320116"),
            ("township", "长芦街道"),
            ("address", "测试路 8 号"),
            ("description", "课后照看。"),
            ("phones", "13900000000、013900000001"),
            ("website", "https://example.org"),
            ("confidentiality", "public"),
            ("distinct", "1"),
        ];
        fields.extend_from_slice(more);
        fields
    };
    registrar.post(&path, &fields(&[("version", "1")])).await.expect(303);
    let shown = async || test.visitor().get(&format!("/organizations/{id}")).await.expect(200).text;
    let page = shown().await;
    assert!(page.contains("13900000000") && !page.contains("13900000001"), "{page}");
    registrar.post(&path, &fields(&[("version", "2"), ("office_phones", "1")])).await.expect(303);
    assert!(shown().await.contains("13900000001"), "all are the office's now");
    assert!(ticked(&registrar.get(&path).await.expect(200).text));
    registrar.post(&path, &fields(&[("version", "3")])).await.expect(303);
    let page = shown().await;
    assert!(!page.contains("13900000000") && !page.contains("13900000001"), "none is: {page}");
}

#[tokio::test]
async fn a_field_takes_several_numbers_and_refuses_what_is_none_in_a_sentence() {
    let test = TestApp::start().await;
    test.account("registrar1", None, Role::Registrar, Scope::All).await;
    let registrar = test.signed_in("registrar1").await;
    let mut body = json!({"key": "phones-key-1", "kind": "社工机构", "name": "青藤社会工作服务中心", "division": "320116010",
        "address": "测试路 8 号", "description": "课后照看。", "phones": ["０２５－５７５０１２３４转801、12345", "+86 13900000000"]});
    let made = registrar.send("POST", "/api/v1/organizations", &body).await.expect(201).json();
    assert_eq!(made["organization"]["phones"], json!(["025-57501234转801", "12345", "+86 13900000000"]));
    for (number, wrong) in ["57501234", "139000000", "12900000000", "找王老师"].into_iter().enumerate() {
        body["key"] = json!(format!("phones-key-wrong-{number}"));
        body["phones"] = json!([wrong]);
        let refused = registrar.send("POST", "/api/v1/organizations", &body).await.expect(422).json();
        let fault: &Value = refused["errors"].as_array().unwrap().iter().find(|one| one["field"] == "phones").unwrap();
        assert!(fault.to_string().contains("11 位手机号"), "{wrong}: {fault}");
    }
}
