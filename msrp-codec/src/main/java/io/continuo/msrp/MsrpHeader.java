package io.continuo.msrp;

/// A header other than To-Path and From-Path, MIME headers of the body included.
///
/// @param name as written; compared without regard to case
/// @param value without the white space around it
public record MsrpHeader(String name, String value) {
  public static final String MESSAGE_ID = "Message-ID";
  public static final String BYTE_RANGE = "Byte-Range";
  public static final String SUCCESS_REPORT = "Success-Report";
  public static final String FAILURE_REPORT = "Failure-Report";
  public static final String STATUS = "Status";
  public static final String CONTENT_TYPE = "Content-Type";
}
