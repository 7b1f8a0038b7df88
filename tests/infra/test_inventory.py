"""Nothing is deployed and no right given but what somebody read."""

from __future__ import annotations

from infra.tools.inventory import DOCUMENT, inventory


def test_resources_and_rights_are_those_of_the_committed_document(template):
    """If a change is meant: `python -m infra.tools.inventory`, and read what it changed."""
    assert inventory(template.document) == DOCUMENT.read_text(encoding="utf-8")


def test_the_document_leaves_no_policy_out(template):
    """It knows every kind of resource that can give a right."""
    kinds = {resource["Type"] for resource in template.document["Resources"].values()}
    giving = {kind for kind in kinds if kind.endswith("Policy") or "Permission" in kind or kind.startswith("AWS::IAM")}
    not_rights = {"AWS::CloudFront::CachePolicy", "AWS::CloudFront::ResponseHeadersPolicy"}
    assert giving - not_rights == {
        "AWS::IAM::Role",
        "AWS::IAM::Policy",
        "AWS::S3::BucketPolicy",
        "AWS::SNS::TopicPolicy",
        "AWS::Lambda::Permission",
    }


def test_a_model_may_neither_list_photos_nor_reach_another_models_objects(template):
    lines = [line for line in inventory(template.document).splitlines() if line.startswith("| Enet/Role")]
    assert lines
    for line in lines:
        assert "s3:List" not in line
        assert "s3:*" not in line
        assert "swiftnet" not in line
        assert "fast_scnn" not in line


def test_every_role_is_one_that_its_service_alone_takes_and_has_no_managed_policy(template):
    for logical_id, role in template.of_type("AWS::IAM::Role").items():
        (statement,) = role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
        service = "codedeploy" if logical_id.startswith("ShiftRole") else "lambda"
        assert statement["Principal"] == {"Service": f"{service}.amazonaws.com"}
        assert "ManagedPolicyArns" not in role["Properties"]
