from tests.app.asking import events


def test_a_user_comes_in_with_account_name_and_password(house, browser, ann):
    answer = browser.by_user("ANN", ann)
    assert answer.status == 200, answer
    assert answer["next"] == "done"
    session = browser.get("/signin/session")
    assert session["arn"] == f"arn:aws:iam::{house.account_id}:user/ann"
    assert session["mfa"] is False


def test_root_is_known_by_its_address(browser, root_password):
    answer = browser.by_root(root_password)
    assert (answer.status, answer["next"], answer["skip"], answer["days_left"]) == (
        200,
        "enrol",
        True,
        35,
    )


def test_mfa(house, browser, ann, phone_of):
    phone = phone_of("ann")
    answer = browser.by_user("ann", ann)
    assert answer["next"] == "mfa", answer
    done = browser.post("/signin/mfa", step=answer["step"], code=phone.code())
    assert done["next"] == "done", done
    assert events(house)[0]["additionalEventData"]["MFAUsed"] == "Yes"
