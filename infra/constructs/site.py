"""One origin for page and API: CloudFront over a private bucket and the HTTP API."""

from __future__ import annotations

from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.constructs.buckets import private_bucket
from infra.constructs.nag import acknowledge
from infra.constructs.origin_secrets import HEADER
from shared.contracts.deployment import ORCHESTRATOR_TIMEOUT_S
from shared.security_headers import CONTENT_SECURITY_POLICY, SECURITY_HEADERS, STRICT_TRANSPORT_SECURITY_S

ERRORS = (400, 403, 404, 405, 414, 500, 501, 502, 503, 504)
"""Every status that CloudFront would keep for ten seconds, whatever the answer says."""
AT_ONCE = cdk.Duration.seconds(0)
A_YEAR = cdk.Duration.days(365)
FOLDERS = Path(__file__).with_name("folders.js")


class Site(Construct):
    """`bucket` holds the page, `distribution` serves it at / and the API at /v1/*."""

    def __init__(
        self, scope: Construct, construct_id: str, *, api_domain: str, origin_secret: str, logs: s3.IBucket
    ) -> None:
        """CloudFront sends `origin_secret` to the API, by which that knows it."""
        super().__init__(scope, construct_id)
        self.bucket = private_bucket(self, "Bucket", logs=logs)
        headers = self._headers()
        https = cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS
        page = cloudfront.BehaviorOptions(
            origin=origins.S3BucketOrigin.with_origin_access_control(self.bucket),
            cache_policy=cloudfront.CachePolicy.CACHING_OPTIMIZED,
            compress=True,
            response_headers_policy=headers,
            function_associations=[self._folders()],
            viewer_protocol_policy=https,
        )
        api = cloudfront.BehaviorOptions(
            origin=origins.HttpOrigin(
                api_domain,
                custom_headers={HEADER: origin_secret},
                protocol_policy=cloudfront.OriginProtocolPolicy.HTTPS_ONLY,
                origin_ssl_protocols=[cloudfront.OriginSslPolicy.TLS_V1_2],
                read_timeout=cdk.Duration.seconds(ORCHESTRATOR_TIMEOUT_S + 5),  # API Gateway gives up before
            ),
            allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
            cache_policy=self._as_the_api_says(),
            # The API's own host name must reach it, or API Gateway finds no API.
            origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
            compress=True,
            response_headers_policy=headers,
            viewer_protocol_policy=https,
        )
        self.distribution = cloudfront.Distribution(
            self,
            "Distribution",
            comment="Tripane",
            default_root_object="index.html",
            default_behavior=page,
            additional_behaviors={"/v1/*": api},
            # The page asks for a comparison that is about to be there: the answer 404 must not be kept.
            error_responses=[cloudfront.ErrorResponse(http_status=code, ttl=AT_ONCE) for code in ERRORS],
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
            log_bucket=logs,
            log_file_prefix="cloudfront/",
            price_class=cloudfront.PriceClass.PRICE_CLASS_100,
        )
        acknowledge(self.distribution, "The page is for everybody, wherever they are.", "CFR1")
        acknowledge(
            self.distribution,
            "A firewall costs $5 a month and $1 a rule; throttles and limits on input bound what it would.",
            "CFR2",
        )
        acknowledge(
            self.distribution,
            "CloudFront sets this for its own domain name; every current browser negotiates TLS 1.2 or 1.3.",
            "CFR4",
        )
        self.address = f"https://{self.distribution.distribution_domain_name}/"

    def _folders(self) -> cloudfront.FunctionAssociation:
        """What finds the page of a folder."""
        folders = cloudfront.Function(
            self,
            "Folders",
            code=cloudfront.FunctionCode.from_inline(FOLDERS.read_text(encoding="utf-8")),
            runtime=cloudfront.FunctionRuntime.JS_2_0,
            comment="Tripane: a sample's page is the index.html of its folder",
        )
        request = cloudfront.FunctionEventType.VIEWER_REQUEST
        return cloudfront.FunctionAssociation(function=folders, event_type=request)

    def _as_the_api_says(self) -> cloudfront.CachePolicy:
        """Keep what the API's Cache-Control lets a shared cache keep, and nothing that says nothing."""
        return cloudfront.CachePolicy(
            self,
            "ApiCaching",
            comment="As the API's Cache-Control says",
            min_ttl=AT_ONCE,
            default_ttl=AT_ONCE,
            max_ttl=A_YEAR,
            query_string_behavior=cloudfront.CacheQueryStringBehavior.all(),
            enable_accept_encoding_gzip=True,
            enable_accept_encoding_brotli=True,
        )

    def _headers(self) -> cloudfront.ResponseHeadersPolicy:
        """The headers of shared/security_headers.py, of which CloudFront takes some by their meaning only."""
        by_name = dict(SECURITY_HEADERS)
        by_name.pop("Content-Security-Policy")
        frames = cloudfront.HeadersFrameOption[by_name.pop("X-Frame-Options")]
        referrer = cloudfront.HeadersReferrerPolicy[by_name.pop("Referrer-Policy").upper().replace("-", "_")]
        by_name.pop("X-Content-Type-Options")
        return cloudfront.ResponseHeadersPolicy(
            self,
            "Headers",
            comment="Tripane's security headers",
            security_headers_behavior=cloudfront.ResponseSecurityHeadersBehavior(
                content_security_policy=cloudfront.ResponseHeadersContentSecurityPolicy(
                    content_security_policy=CONTENT_SECURITY_POLICY, override=True
                ),
                content_type_options=cloudfront.ResponseHeadersContentTypeOptions(override=True),
                frame_options=cloudfront.ResponseHeadersFrameOptions(frame_option=frames, override=True),
                referrer_policy=cloudfront.ResponseHeadersReferrerPolicy(referrer_policy=referrer, override=True),
                strict_transport_security=cloudfront.ResponseHeadersStrictTransportSecurity(
                    access_control_max_age=cdk.Duration.seconds(STRICT_TRANSPORT_SECURITY_S),
                    include_subdomains=True,
                    override=True,
                ),
            ),
            custom_headers_behavior=cloudfront.ResponseCustomHeadersBehavior(
                custom_headers=[
                    cloudfront.ResponseCustomHeader(header=name, value=value, override=True)
                    for name, value in by_name.items()
                ]
            ),
        )
