package io.tandem.ops.bench.sip;

/**
 * What SIPp plays. Within 50 ms of the answer's ACK the caller hangs up: pauses keep one worker's
 * order.
 */
final class SippScenarios {
  private SippScenarios() {}

  private static final String SDP =
      """
      v=0
      o=user1 53655765 2353687637 IN IP[local_ip_type] [local_ip]
      s=-
      c=IN IP[media_ip_type] [media_ip]
      t=0 0
      m=audio [media_port] RTP/AVP 0
      a=rtpmap:0 PCMU/8000
      """;

  static final String CALLER =
      """
      <?xml version="1.0" encoding="ISO-8859-1" ?>
      <scenario name="caller">
      <send retrans="500"><![CDATA[

      INVITE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
      Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
      From: <sip:caller@[local_ip]:[local_port]>;tag=[pid]c[call_number]
      To: <sip:[service]@[remote_ip]:[remote_port]>
      Call-ID: [call_id]
      CSeq: 1 INVITE
      Contact: <sip:caller@[local_ip]:[local_port]>
      Max-Forwards: 70
      Content-Type: application/sdp
      Content-Length: [len]

      """
          + SDP
          + """
          ]]></send>
          <recv response="100" optional="true"/>
          <recv response="180" optional="true"/>
          <recv response="200"/>
          <send><![CDATA[

          ACK sip:[service]@[remote_ip]:[remote_port] SIP/2.0
          Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
          From: <sip:caller@[local_ip]:[local_port]>;tag=[pid]c[call_number]
          To: <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]
          Call-ID: [call_id]
          CSeq: 1 ACK
          Max-Forwards: 70
          Content-Length: 0

          ]]></send>
          <pause milliseconds="50"/>
          <send retrans="500"><![CDATA[

          BYE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
          Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
          From: <sip:caller@[local_ip]:[local_port]>;tag=[pid]c[call_number]
          To: <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]
          Call-ID: [call_id]
          CSeq: 2 BYE
          Max-Forwards: 70
          Content-Length: 0

          ]]></send>
          <recv response="200"/>
          </scenario>
          """;

  static final String ANSWERER =
      """
      <?xml version="1.0" encoding="ISO-8859-1" ?>
      <scenario name="answerer">
      <recv request="INVITE"/>
      <send><![CDATA[

      SIP/2.0 180 Ringing
      [last_Via:]
      [last_From:]
      [last_To:];tag=[pid]a[call_number]
      [last_Call-ID:]
      [last_CSeq:]
      Contact: <sip:answerer@[local_ip]:[local_port]>
      Content-Length: 0

      ]]></send>
      <pause milliseconds="20"/>
      <send retrans="500"><![CDATA[

      SIP/2.0 200 OK
      [last_Via:]
      [last_From:]
      [last_To:];tag=[pid]a[call_number]
      [last_Call-ID:]
      [last_CSeq:]
      Contact: <sip:answerer@[local_ip]:[local_port]>
      Content-Type: application/sdp
      Content-Length: [len]

      """
          + SDP
          + """
          ]]></send>
          <recv request="ACK"/>
          <recv request="BYE"/>
          <send><![CDATA[

          SIP/2.0 200 OK
          [last_Via:]
          [last_From:]
          [last_To:]
          [last_Call-ID:]
          [last_CSeq:]
          Content-Length: 0

          ]]></send>
          </scenario>
          """;

  static final String REGISTER =
      """
      <?xml version="1.0" encoding="ISO-8859-1" ?>
      <scenario name="register">
      <send retrans="500"><![CDATA[

      REGISTER sip:[remote_ip]:[remote_port] SIP/2.0
      Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
      From: <sip:bench@[remote_ip]>;tag=[pid]r[call_number]
      To: <sip:bench@[remote_ip]>
      Call-ID: [call_id]
      CSeq: 1 REGISTER
      Contact: <sip:bench@[local_ip]:[local_port]>
      Max-Forwards: 70
      Expires: 600
      Content-Length: 0

      ]]></send>
      <recv response="401" auth="true"/>
      <send retrans="500"><![CDATA[

      REGISTER sip:[remote_ip]:[remote_port] SIP/2.0
      Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
      From: <sip:bench@[remote_ip]>;tag=[pid]r[call_number]
      To: <sip:bench@[remote_ip]>
      Call-ID: [call_id]
      CSeq: 2 REGISTER
      Contact: <sip:bench@[local_ip]:[local_port]>
      [authentication]
      Max-Forwards: 70
      Expires: 600
      Content-Length: 0

      ]]></send>
      <recv response="200"/>
      </scenario>
      """;
}
