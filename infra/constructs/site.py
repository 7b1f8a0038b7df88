"""One origin for page and API: CloudFront over a private bucket and the HTTP API."""

from __future__ import annotations

from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.constructs.buckets import private_bucket
from infra.constructs.firewall import Firewall
from infra.constructs.nag import acknowledge
from infra.settings import Settings
from shared.contracts.deployment import ORCHESTRATOR_TIMEOUT_S
from shared.contracts.routes import ORIGIN_HEADER
from shared.security_headers import CONTENT_SECURITY_POLICY, SECURITY_HEADERS, STRICT_TRANSPORT_SECURITY_S

ERRORS = (400, 403, 404, 405, 414, 500, 501, 502, 503, 504)
"""Every status that CloudFront would keep for ten seconds, whatever the answer says."""
AT_ONCE = cdk.Duration.seconds(0)
A_YEAR = cdk.Duration.days(365)
HERE = Path(__file__).parent
FORMER_PAGES_LIVE = cdk.Duration.days(90)


class Site(Construct):
    """`bucket` holds the page, `distribution` serves it at / and the API at /v1/*."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        api_domain: str,
        origin_secret: str,
        logs: s3.IBucket,
        settings: Settings,
    ) -> None:
        """CloudFront sends `origin_secret` to the API, to identify itself."""
        super().__init__(scope, construct_id)
        # `make rollback` finds the former index.html among the versions.
        former = s3.LifecycleRule(id="former-pages", noncurrent_version_expiration=FORMER_PAGES_LIVE)
        self.bucket = private_bucket(self, "Bucket", logs=logs, lifecycle=[former], versioned=True)
        headers = self._headers()
        token = settings.access_token_sha256
        at_the_page = self._at_the_door("Door" if token else "Folders", token)
        page = cloudfront.BehaviorOptions(
            origin=origins.S3BucketOrigin.with_origin_access_control(self.bucket),
            cache_policy=cloudfront.CachePolicy.CACHING_OPTIMIZED,
            compress=True,
            response_headers_policy=headers,
            function_associations=at_the_page,
            viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        )
        api = cloudfront.BehaviorOptions(
            origin=origins.HttpOrigin(
                api_domain,
                custom_headers={ORIGIN_HEADER: origin_secret},
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
            function_associations=at_the_page if token else None,
            # No redirect: a program would send its photos in the clear first, and never notice.
            viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
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
            domain_names=[settings.domain_name] if settings.domain_name else None,
            certificate=self._certificate(settings.certificate_arn),
            minimum_protocol_version=cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
            web_acl_id=self._firewall(settings.requests_per_five_minutes),
        )
        acknowledge(self.distribution, "The page is for everybody, wherever they are.", "CFR1")
        if not settings.requests_per_five_minutes:
            because = "A firewall costs $6 a month and more; `requestsPerFiveMinutes` brings one."
            acknowledge(self.distribution, because, "CFR2")
        if not settings.domain_name:
            because = "CloudFront sets this for its own domain name; every current browser negotiates TLS 1.2 or 1.3."
            acknowledge(self.distribution, because, "CFR4")
        self.address = f"https://{settings.domain_name or self.distribution.distribution_domain_name}/"

    def _certificate(self, arn: str) -> acm.ICertificate | None:
        return acm.Certificate.from_certificate_arn(self, "Certificate", arn) if arn else None

    def _firewall(self, requests: int) -> str | None:
        return Firewall(self, "Firewall", requests=requests).arn if requests else None

    def _at_the_door(self, name: str, token_sha256: str) -> list[cloudfront.FunctionAssociation]:
        """What is done with each request: finds the page of a folder, and lets in who knows the token of this SHA-256.

        Without a token everybody is let in.
        """
        files = ("door.js" if token_sha256 else "no_door.js", "folders.js")
        code = "".join((HERE / file).read_text(encoding="utf-8") for file in files)
        function = cloudfront.Function(
            self,
            name,
            code=cloudfront.FunctionCode.from_inline(code.replace("%TOKEN_SHA256%", token_sha256)),
            runtime=cloudfront.FunctionRuntime.JS_2_0,
            comment="Tripane: admits whoever has the token" if token_sha256 else "Tripane: finds pages of folders",
        )
        request = cloudfront.FunctionEventType.VIEWER_REQUEST
        return [cloudfront.FunctionAssociation(function=function, event_type=request)]

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
            # An answer says whose page may read it.
            header_behavior=cloudfront.CacheHeaderBehavior.allow_list("Origin"),
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
