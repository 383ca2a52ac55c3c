// Package cwctest is a simulated Capitol: an HTTP server that takes letters as the House's
// Communicating With Congress and the Senate's SOAPBox do, checks them by the same schemas,
// shows what arrived, and misbehaves on demand.
//
//	capitol, err := cwctest.Start(ctx, "127.0.0.1:0", cwctest.Options{
//		Key: "secret", Agent: "Franklin Letters", Clock: time.Now,
//	})
//
// The calls of the House are POST /v2/message, POST /v2/validate and GET /v2/offices;
// those of the Senate POST /api/production-messages/, POST /api/testing-messages/ and GET
// /api/active_offices. What arrived is at / for people, at GET /messages and GET /messages/{DeliveryId}.xml for
// programs, and at GET /ledger with every repeated reception. POST /script, or the method
// Script, tells it how to treat the next messages: see Act.
//
// With a ledger folder it writes down each message before it accepts it, and a Capitol
// started on the same folder knows them all. Nothing here reaches Congress.
package cwctest
