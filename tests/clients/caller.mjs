// A call a line on stdin, its answer or its refusal a line on stdout.
import * as cloudtrail from "@aws-sdk/client-cloudtrail";
import * as iam from "@aws-sdk/client-iam";
import * as sts from "@aws-sdk/client-sts";
import { createInterface } from "node:readline";

const SERVICES = {
  cloudtrail: [cloudtrail, cloudtrail.CloudTrailClient],
  iam: [iam, iam.IAMClient],
  sts: [sts, sts.STSClient],
};

async function answered({ service, operation, params, keys, pageSize }) {
  const [sdk, Client] = SERVICES[service];
  const client = new Client({
    region: "us-east-1",
    endpoint: process.env.AWS_ENDPOINT_URL,
    maxAttempts: 1,
    credentials: {
      accessKeyId: keys.key_id,
      secretAccessKey: keys.secret,
      sessionToken: keys.token ?? undefined,
    },
  });
  if (!pageSize) return client.send(new sdk[`${operation}Command`](params));
  const pages = [];
  for await (const page of sdk[`paginate${operation}`]({ client, pageSize }, params)) pages.push(page);
  return pages;
}

for await (const line of createInterface({ input: process.stdin })) {
  let said;
  try {
    said = { answer: await answered(JSON.parse(line)) };
  } catch (error) {
    said = { code: error.Error?.Code ?? error.Code ?? error.name, message: error.message };
  }
  console.log(JSON.stringify(said));
}
