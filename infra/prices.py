"""What AWS charges, in US dollars: us-east-1, on demand, without any free tier.

Taken from each service's pricing page in 2026: look them up again before you rely on them.
"""

from __future__ import annotations

from shared.contracts.pricing import USD_PER_GB_SECOND, USD_PER_REQUEST, USD_PER_RESTORED_GB

LAMBDA_GB_SECOND = {"x86_64": USD_PER_GB_SECOND, "arm64": 0.0000133334}
LAMBDA_REQUEST = USD_PER_REQUEST
LAMBDA_PROVISIONED_GB_SECOND = {"x86_64": 0.0000041667, "arm64": 0.0000033334}
LAMBDA_SNAPSTART_CACHE_GB_SECOND = 0.0000015046
LAMBDA_SNAPSTART_RESTORE_GB = USD_PER_RESTORED_GB
HTTP_API_REQUEST = 1.00e-6
S3_GB_MONTH = 0.023
S3_PUT = 0.005e-3
S3_GET = 0.0004e-3
CLOUDFRONT_GB = 0.085
CLOUDFRONT_REQUEST = 0.0100e-4
LOGS_GB = 0.50
CUSTOM_METRIC_MONTH = 0.30
ALARM_MONTH = 0.10
ECR_GB_MONTH = 0.10
XRAY_TRACE = 5.00e-6
SECRET_MONTH = 0.40
STATE_TRANSITION = 0.025e-3
"""Price of a standard state machine's transition; a distributed map is charged one for each child that it starts."""
EXPRESS_REQUEST = 1.00e-6
EXPRESS_GB_SECOND = 0.00001667
EGRESS_GB = 0.09
"""From S3 to the internet; within the region it costs nothing."""
