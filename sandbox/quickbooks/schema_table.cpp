// The properties that each entity of the Accounting API knows, as its published XML schema names them: one row a type,
// "Name:kind" a property (s text, d decimal, b boolean, D date, T instant, i whole number, r reference, m memo, x
// anything, o:Type nested, e:Enum one of the words below; * in front of the kind: a list). Taken from the schema, not
// written by hand; lengths and rules that the schema does not state are in rules.cpp.
#include "sandbox/quickbooks/schema_table.hpp"

namespace tieout::sandbox::quickbooks {

namespace {

constexpr SchemaRow kRows[] = {
    {"Customer",
     "Id:s SyncToken:s MetaData:x CustomField:*x AttachableRef:*x IntuitId:s Organization:b Title:s GivenName:s "
     "MiddleName:s FamilyName:s Suffix:s FullyQualifiedName:s CompanyName:s DisplayName:s PrintOnCheckName:s UserId:s "
     "Active:b V4IDPseudonym:s PrimaryPhone:o:TelephoneNumber AlternatePhone:o:TelephoneNumber "
     "Mobile:o:TelephoneNumber Fax:o:TelephoneNumber PrimaryEmailAddr:o:EmailAddress WebAddr:o:WebSiteAddress "
     "OtherContactInfo:*x DefaultTaxCodeRef:r Taxable:b BillAddr:o:PhysicalAddress ShipAddr:o:PhysicalAddress "
     "OtherAddr:*o:PhysicalAddress ContactName:s AltContactName:s Notes:s Job:b BillWithParent:b RootCustomerRef:r "
     "ParentRef:r Level:i CustomerTypeRef:r SalesTermRef:r SalesRepRef:r TaxGroupCodeRef:r TaxRateRef:r "
     "PaymentMethodRef:r CCDetail:x PriceLevelRef:r Balance:d OpenBalanceDate:D BalanceWithJobs:d CreditLimit:d "
     "AcctNum:s CurrencyRef:r OverDueBalance:d TotalRevenue:d TotalExpense:d PreferredDeliveryMethod:s ResaleNum:s "
     "JobInfo:x TDSEnabled:b CustomerEx:x SecondaryTaxIdentifier:s ARAccountRef:r PrimaryTaxIdentifier:s "
     "TaxExemptionReasonId:s IsProject:b BusinessNumber:s GSTIN:s GSTRegistrationType:s IsCISContractor:b "
     "ClientCompanyId:s ClientEntityId:s Source:s TaxRegime:s"},
    {"Vendor",
     "Id:s SyncToken:s MetaData:x CustomField:*x AttachableRef:*x IntuitId:s Organization:b Title:s GivenName:s "
     "MiddleName:s FamilyName:s Suffix:s FullyQualifiedName:s CompanyName:s DisplayName:s PrintOnCheckName:s UserId:s "
     "Active:b V4IDPseudonym:s PrimaryPhone:o:TelephoneNumber AlternatePhone:o:TelephoneNumber "
     "Mobile:o:TelephoneNumber Fax:o:TelephoneNumber PrimaryEmailAddr:o:EmailAddress WebAddr:o:WebSiteAddress "
     "OtherContactInfo:*x DefaultTaxCodeRef:r ContactName:s AltContactName:s Notes:s BillAddr:o:PhysicalAddress "
     "ShipAddr:o:PhysicalAddress OtherAddr:*o:PhysicalAddress TaxCountry:s TaxIdentifier:s TaxIdEffectiveDate:D "
     "BusinessNumber:s ParentRef:r VendorTypeRef:r TermRef:r PrefillAccountRef:r Balance:d BillRate:d "
     "OpenBalanceDate:D CreditLimit:d AcctNum:s Vendor1099:b T4AEligible:b T5018Eligible:b CurrencyRef:r TDSEnabled:b "
     "TDSEntityTypeId:i TDSSectionTypeId:i TDSOverrideThreshold:b TaxReportingBasis:s APAccountRef:r VendorEx:x "
     "GSTIN:s GSTRegistrationType:s IsSubContractor:b SubcontractorType:s CISRate:s HasTPAR:b "
     "VendorPaymentBankDetail:x Source:s CostRate:d AgencyVerificationStatus:e:AgencyVerificationStatus "
     "AgencyVerificationStatusMsg:s AgencyVerificationTSUTC:T CompanyRegistrationNumber:s"},
    {"Employee",
     "Id:s SyncToken:s MetaData:x CustomField:*x AttachableRef:*x IntuitId:s Organization:b Title:s GivenName:s "
     "MiddleName:s FamilyName:s Suffix:s FullyQualifiedName:s CompanyName:s DisplayName:s PrintOnCheckName:s UserId:s "
     "Active:b V4IDPseudonym:s PrimaryPhone:o:TelephoneNumber AlternatePhone:o:TelephoneNumber "
     "Mobile:o:TelephoneNumber Fax:o:TelephoneNumber PrimaryEmailAddr:o:EmailAddress WebAddr:o:WebSiteAddress "
     "OtherContactInfo:*x DefaultTaxCodeRef:r EmployeeType:s EmployeeNumber:s SSN:s PrimaryAddr:o:PhysicalAddress "
     "OtherAddr:*o:PhysicalAddress BillableTime:b BillRate:d BirthDate:D Gender:e:gender HiredDate:D ReleasedDate:D "
     "UseTimeEntry:e:TimeEntryUsedForPaychecksEnum EmployeeEx:x CostRate:d Notes:s"},
    {"Item",
     "Id:s SyncToken:s MetaData:x CustomField:*x AttachableRef:*x Name:s Sku:s Description:s Active:b SubItem:b "
     "ParentRef:r Level:i FullyQualifiedName:s Taxable:b SalesTaxIncluded:b PercentBased:b UnitPrice:d RatePercent:d "
     "Type:e:ItemTypeEnum PaymentMethodRef:r UOMSetRef:r IncomeAccountRef:r PurchaseDesc:s PurchaseTaxIncluded:b "
     "PurchaseCost:d ExpenseAccountRef:r COGSAccountRef:r AssetAccountRef:r PrefVendorRef:r AvgCost:d TrackQtyOnHand:b "
     "QtyOnHand:d QtyOnPurchaseOrder:d QtyOnSalesOrder:d ReorderPoint:d ManPartNum:s DepositToAccountRef:r "
     "SalesTaxCodeRef:r PurchaseTaxCodeRef:r InvStartDate:D BuildPoint:d PrintGroupedItems:b SpecialItem:b "
     "SpecialItemType:e:SpecialItemTypeEnum ItemGroupDetail:o:ItemGroupDetail ItemAssemblyDetail:o:ItemAssemblyDetail "
     "AbatementRate:d ReverseChargeRate:d ServiceType:s ItemCategoryType:s ItemEx:x TaxClassificationRef:r "
     "UQCDisplayText:s UQCId:s ClassRef:r Source:s DeferredRevenue:b CustomExtensions:*x"},
    {"Invoice",
     "Id:s SyncToken:s MetaData:x CustomField:*x AttachableRef:*x DocNumber:s TxnDate:D TxnSubType:e:TxnSubTypeEnum "
     "DepartmentRef:r CurrencyRef:r ExchangeRate:d PrivateNote:s TxnStatus:s LinkedTxn:*o:LinkedTxn Line:*o:Line "
     "TxnTaxDetail:o:TxnTaxDetail TxnSource:s TaxFormType:s TaxFormNum:s TransactionLocationType:s Tag:*x "
     "TxnApprovalInfo:x RecurDataRef:r RecurringInfo:x ProjectRef:r TotalCostAmount:d HomeTotalCostAmount:d "
     "AutoDocNumber:b CustomerRef:r CustomerMemo:m BillAddr:o:PhysicalAddress ShipAddr:o:PhysicalAddress "
     "FreeFormAddress:b ShipFromAddr:o:PhysicalAddress RemitToRef:r ClassRef:r SalesTermRef:r DueDate:D SalesRepRef:r "
     "PONumber:s FOB:s ShipMethodRef:r ShipDate:D TrackingNum:s GlobalTaxCalculation:e:GlobalTaxCalculationEnum "
     "TotalAmt:d HomeTotalAmt:d ApplyTaxAfterDiscount:b ShippingTaxIncludedInTotalTax:b TemplateRef:r "
     "PrintStatus:e:PrintStatusEnum EmailStatus:e:EmailStatusEnum BillEmail:o:EmailAddress BillEmailCc:o:EmailAddress "
     "BillEmailBcc:o:EmailAddress ARAccountRef:r Balance:d HomeBalance:d FinanceCharge:b PaymentMethodRef:r "
     "PaymentRefNum:s PaymentType:e:PaymentTypeEnum CheckPayment:x CreditCardPayment:x DepositToAccountRef:r "
     "DeliveryInfo:x DiscountRate:d DiscountAmt:d GovtTxnRefIdentifier:s TaxExemptionRef:r Deposit:d AllowIPNPayment:b "
     "AllowOnlinePayment:b AllowOnlineCreditCardPayment:b AllowOnlineACHPayment:b AllowOnlinePayPalPayment:b "
     "AllowOnlineAffirmPayment:b EInvoiceStatus:e:ETransactionStatusEnum ECloudStatusTimeStamp:T CfdiUse:i "
     "Exportation:s GlobalInfo:x invoiceStatus:s callToAction:s invoiceStatusLog:*x InvoiceEx:x LessCIS:d "
     "InvoiceLink:s PaymentDetailsMessage:s ConvenienceFeeDetail:x EnabledSurchargeInfo:x InvoiceLinkSecurityCode:s "
     "InvoiceLinkExpiryDate:D AutoPayEligible:b SchedulePayEligible:b ScheduledPaymentId:s GratuityEnabled:b "
     "FinancingProductType:e:FinancingProductTypeEnum SubscriptionPaymentsSetting:e:SubscriptionPaymentsSettingEnum "
     "TxnRetainageDetail:x"},
    {"Payment",
     "Id:s SyncToken:s MetaData:x CustomField:*x AttachableRef:*x DocNumber:s TxnDate:D TxnSubType:e:TxnSubTypeEnum "
     "DepartmentRef:r CurrencyRef:r ExchangeRate:d PrivateNote:s TxnStatus:s LinkedTxn:*o:LinkedTxn Line:*o:Line "
     "TxnTaxDetail:o:TxnTaxDetail TxnSource:s TaxFormType:s TaxFormNum:s TransactionLocationType:s Tag:*x "
     "TxnApprovalInfo:x RecurDataRef:r RecurringInfo:x ProjectRef:r TotalCostAmount:d HomeTotalCostAmount:d "
     "CustomerRef:r RemitToRef:r ARAccountRef:r DepositToAccountRef:r PaymentMethodRef:r PaymentRefNum:s "
     "PaymentType:e:PaymentTypeEnum CheckPayment:x CreditCardPayment:x TotalAmt:d UnappliedAmt:d ProcessPayment:b "
     "PaymentExtendedType:e:PaymentExtendedTypeEnum PaymentEx:x"},
    {"CreditMemo",
     "Id:s SyncToken:s MetaData:x CustomField:*x AttachableRef:*x DocNumber:s TxnDate:D TxnSubType:e:TxnSubTypeEnum "
     "DepartmentRef:r CurrencyRef:r ExchangeRate:d PrivateNote:s TxnStatus:s LinkedTxn:*o:LinkedTxn Line:*o:Line "
     "TxnTaxDetail:o:TxnTaxDetail TxnSource:s TaxFormType:s TaxFormNum:s TransactionLocationType:s Tag:*x "
     "TxnApprovalInfo:x RecurDataRef:r RecurringInfo:x ProjectRef:r TotalCostAmount:d HomeTotalCostAmount:d "
     "AutoDocNumber:b CustomerRef:r CustomerMemo:m BillAddr:o:PhysicalAddress ShipAddr:o:PhysicalAddress "
     "FreeFormAddress:b ShipFromAddr:o:PhysicalAddress RemitToRef:r ClassRef:r SalesTermRef:r DueDate:D SalesRepRef:r "
     "PONumber:s FOB:s ShipMethodRef:r ShipDate:D TrackingNum:s GlobalTaxCalculation:e:GlobalTaxCalculationEnum "
     "TotalAmt:d HomeTotalAmt:d ApplyTaxAfterDiscount:b ShippingTaxIncludedInTotalTax:b TemplateRef:r "
     "PrintStatus:e:PrintStatusEnum EmailStatus:e:EmailStatusEnum BillEmail:o:EmailAddress BillEmailCc:o:EmailAddress "
     "BillEmailBcc:o:EmailAddress ARAccountRef:r Balance:d HomeBalance:d FinanceCharge:b PaymentMethodRef:r "
     "PaymentRefNum:s PaymentType:e:PaymentTypeEnum CheckPayment:x CreditCardPayment:x DepositToAccountRef:r "
     "DeliveryInfo:x DiscountRate:d DiscountAmt:d GovtTxnRefIdentifier:s TaxExemptionRef:r RemainingCredit:d "
     "InvoiceRef:r CreditMemoEx:x"},
    {"RefundReceipt",
     "Id:s SyncToken:s MetaData:x CustomField:*x AttachableRef:*x DocNumber:s TxnDate:D TxnSubType:e:TxnSubTypeEnum "
     "DepartmentRef:r CurrencyRef:r ExchangeRate:d PrivateNote:s TxnStatus:s LinkedTxn:*o:LinkedTxn Line:*o:Line "
     "TxnTaxDetail:o:TxnTaxDetail TxnSource:s TaxFormType:s TaxFormNum:s TransactionLocationType:s Tag:*x "
     "TxnApprovalInfo:x RecurDataRef:r RecurringInfo:x ProjectRef:r TotalCostAmount:d HomeTotalCostAmount:d "
     "AutoDocNumber:b CustomerRef:r CustomerMemo:m BillAddr:o:PhysicalAddress ShipAddr:o:PhysicalAddress "
     "FreeFormAddress:b ShipFromAddr:o:PhysicalAddress RemitToRef:r ClassRef:r SalesTermRef:r DueDate:D SalesRepRef:r "
     "PONumber:s FOB:s ShipMethodRef:r ShipDate:D TrackingNum:s GlobalTaxCalculation:e:GlobalTaxCalculationEnum "
     "TotalAmt:d HomeTotalAmt:d ApplyTaxAfterDiscount:b ShippingTaxIncludedInTotalTax:b TemplateRef:r "
     "PrintStatus:e:PrintStatusEnum EmailStatus:e:EmailStatusEnum BillEmail:o:EmailAddress BillEmailCc:o:EmailAddress "
     "BillEmailBcc:o:EmailAddress ARAccountRef:r Balance:d HomeBalance:d FinanceCharge:b PaymentMethodRef:r "
     "PaymentRefNum:s PaymentType:e:PaymentTypeEnum CheckPayment:x CreditCardPayment:x DepositToAccountRef:r "
     "DeliveryInfo:x DiscountRate:d DiscountAmt:d GovtTxnRefIdentifier:s TaxExemptionRef:r RemainingCredit:d "
     "RefundReceiptEx:x"},
    {"Estimate",
     "Id:s SyncToken:s MetaData:x CustomField:*x AttachableRef:*x DocNumber:s TxnDate:D TxnSubType:e:TxnSubTypeEnum "
     "DepartmentRef:r CurrencyRef:r ExchangeRate:d PrivateNote:s TxnStatus:s LinkedTxn:*o:LinkedTxn Line:*o:Line "
     "TxnTaxDetail:o:TxnTaxDetail TxnSource:s TaxFormType:s TaxFormNum:s TransactionLocationType:s Tag:*x "
     "TxnApprovalInfo:x RecurDataRef:r RecurringInfo:x ProjectRef:r TotalCostAmount:d HomeTotalCostAmount:d "
     "AutoDocNumber:b CustomerRef:r CustomerMemo:m BillAddr:o:PhysicalAddress ShipAddr:o:PhysicalAddress "
     "FreeFormAddress:b ShipFromAddr:o:PhysicalAddress RemitToRef:r ClassRef:r SalesTermRef:r DueDate:D SalesRepRef:r "
     "PONumber:s FOB:s ShipMethodRef:r ShipDate:D TrackingNum:s GlobalTaxCalculation:e:GlobalTaxCalculationEnum "
     "TotalAmt:d HomeTotalAmt:d ApplyTaxAfterDiscount:b ShippingTaxIncludedInTotalTax:b TemplateRef:r "
     "PrintStatus:e:PrintStatusEnum EmailStatus:e:EmailStatusEnum BillEmail:o:EmailAddress BillEmailCc:o:EmailAddress "
     "BillEmailBcc:o:EmailAddress ARAccountRef:r Balance:d HomeBalance:d FinanceCharge:b PaymentMethodRef:r "
     "PaymentRefNum:s PaymentType:e:PaymentTypeEnum CheckPayment:x CreditCardPayment:x DepositToAccountRef:r "
     "DeliveryInfo:x DiscountRate:d DiscountAmt:d GovtTxnRefIdentifier:s TaxExemptionRef:r ExpirationDate:D "
     "AcceptedBy:s AcceptedDate:D EstimateEx:x"},
    {"SalesReceipt",
     "Id:s SyncToken:s MetaData:x CustomField:*x AttachableRef:*x DocNumber:s TxnDate:D TxnSubType:e:TxnSubTypeEnum "
     "DepartmentRef:r CurrencyRef:r ExchangeRate:d PrivateNote:s TxnStatus:s LinkedTxn:*o:LinkedTxn Line:*o:Line "
     "TxnTaxDetail:o:TxnTaxDetail TxnSource:s TaxFormType:s TaxFormNum:s TransactionLocationType:s Tag:*x "
     "TxnApprovalInfo:x RecurDataRef:r RecurringInfo:x ProjectRef:r TotalCostAmount:d HomeTotalCostAmount:d "
     "AutoDocNumber:b CustomerRef:r CustomerMemo:m BillAddr:o:PhysicalAddress ShipAddr:o:PhysicalAddress "
     "FreeFormAddress:b ShipFromAddr:o:PhysicalAddress RemitToRef:r ClassRef:r SalesTermRef:r DueDate:D SalesRepRef:r "
     "PONumber:s FOB:s ShipMethodRef:r ShipDate:D TrackingNum:s GlobalTaxCalculation:e:GlobalTaxCalculationEnum "
     "TotalAmt:d HomeTotalAmt:d ApplyTaxAfterDiscount:b ShippingTaxIncludedInTotalTax:b TemplateRef:r "
     "PrintStatus:e:PrintStatusEnum EmailStatus:e:EmailStatusEnum BillEmail:o:EmailAddress BillEmailCc:o:EmailAddress "
     "BillEmailBcc:o:EmailAddress ARAccountRef:r Balance:d HomeBalance:d FinanceCharge:b PaymentMethodRef:r "
     "PaymentRefNum:s PaymentType:e:PaymentTypeEnum CheckPayment:x CreditCardPayment:x DepositToAccountRef:r "
     "DeliveryInfo:x DiscountRate:d DiscountAmt:d GovtTxnRefIdentifier:s TaxExemptionRef:r SalesReceiptEx:x LessCIS:d"},
    {"Deposit",
     "Id:s SyncToken:s MetaData:x CustomField:*x AttachableRef:*x DocNumber:s TxnDate:D TxnSubType:e:TxnSubTypeEnum "
     "DepartmentRef:r CurrencyRef:r ExchangeRate:d PrivateNote:s TxnStatus:s LinkedTxn:*o:LinkedTxn Line:*o:Line "
     "TxnTaxDetail:o:TxnTaxDetail TxnSource:s TaxFormType:s TaxFormNum:s TransactionLocationType:s Tag:*x "
     "TxnApprovalInfo:x RecurDataRef:r RecurringInfo:x ProjectRef:r TotalCostAmount:d HomeTotalCostAmount:d "
     "DepositToAccountRef:r CashBack:x GlobalTaxCalculation:e:GlobalTaxCalculationEnum TotalAmt:d HomeTotalAmt:d "
     "DepositEx:x"},
    {"Term",
     "Id:s SyncToken:s MetaData:x CustomField:*x AttachableRef:*x Name:s Active:b Type:s DiscountPercent:d DueDays:i "
     "DiscountDays:i DayOfMonthDue:i DueNextMonthDays:i DiscountDayOfMonth:i SalesTermEx:x"},
    {"PaymentMethod",
     "Id:s SyncToken:s MetaData:x CustomField:*x AttachableRef:*x Name:s Active:b Type:s PaymentMethodEx:x"},
    {"Account",
     "Id:s SyncToken:s MetaData:x CustomField:*x AttachableRef:*x Name:s SubAccount:b ParentRef:r Description:s "
     "FullyQualifiedName:s AccountAlias:s TxnLocationType:s Active:b Classification:e:AccountClassificationEnum "
     "AccountType:e:AccountTypeEnum AccountSubType:s AccountPurposes:*r AcctNum:s AcctNumExtn:s BankNum:s "
     "OpeningBalance:d OpeningBalanceDate:D CurrentBalance:d CurrentBalanceWithSubAccounts:d CurrencyRef:r "
     "TaxAccount:b TaxCodeRef:r OnlineBankingEnabled:b FIName:s JournalCodeRef:r AccountEx:x"},
    {"Class",
     "Id:s SyncToken:s MetaData:x CustomField:*x AttachableRef:*x Name:s SubClass:b ParentRef:r FullyQualifiedName:s "
     "Active:b ClassEx:x"},
    {"Department",
     "Id:s SyncToken:s MetaData:x CustomField:*x AttachableRef:*x Name:s SubDepartment:b ParentRef:r "
     "FullyQualifiedName:s Active:b DepartmentEx:x Address:o:PhysicalAddress"},
    {"TaxCode",
     "Id:s SyncToken:s MetaData:x CustomField:*x AttachableRef:*x Name:s Description:s Active:b Hidden:b Taxable:b "
     "TaxGroup:b SalesTaxRateList:o:TaxRateList PurchaseTaxRateList:o:TaxRateList AdjustmentTaxRateList:o:TaxRateList "
     "TaxCodeEx:x TaxCodeConfigType:e:GTMConfigTypeEnum"},
    {"TaxRate",
     "Id:s SyncToken:s MetaData:x CustomField:*x AttachableRef:*x Name:s Description:s Active:b RateValue:d "
     "AgencyRef:r TaxReturnLineRef:r EffectiveTaxRate:*x SpecialTaxType:e:SpecialTaxTypeEnum "
     "DisplayType:e:TaxRateDisplayTypeEnum TaxRateEx:x OriginalTaxRate:r"},
    {"TaxAgency",
     "Id:s SyncToken:s MetaData:x CustomField:*x AttachableRef:*x IntuitId:s Organization:b Title:s GivenName:s "
     "MiddleName:s FamilyName:s Suffix:s FullyQualifiedName:s CompanyName:s DisplayName:s PrintOnCheckName:s UserId:s "
     "Active:b V4IDPseudonym:s PrimaryPhone:o:TelephoneNumber AlternatePhone:o:TelephoneNumber "
     "Mobile:o:TelephoneNumber Fax:o:TelephoneNumber PrimaryEmailAddr:o:EmailAddress WebAddr:o:WebSiteAddress "
     "OtherContactInfo:*x DefaultTaxCodeRef:r ContactName:s AltContactName:s Notes:s BillAddr:o:PhysicalAddress "
     "ShipAddr:o:PhysicalAddress OtherAddr:*o:PhysicalAddress TaxCountry:s TaxIdentifier:s TaxIdEffectiveDate:D "
     "BusinessNumber:s ParentRef:r VendorTypeRef:r TermRef:r PrefillAccountRef:r Balance:d BillRate:d "
     "OpenBalanceDate:D CreditLimit:d AcctNum:s Vendor1099:b T4AEligible:b T5018Eligible:b CurrencyRef:r TDSEnabled:b "
     "TDSEntityTypeId:i TDSSectionTypeId:i TDSOverrideThreshold:b TaxReportingBasis:s APAccountRef:r VendorEx:x "
     "GSTIN:s GSTRegistrationType:s IsSubContractor:b SubcontractorType:s CISRate:s HasTPAR:b "
     "VendorPaymentBankDetail:x Source:s CostRate:d AgencyVerificationStatus:e:AgencyVerificationStatus "
     "AgencyVerificationStatusMsg:s AgencyVerificationTSUTC:T CompanyRegistrationNumber:s SalesTaxCodeRef:r "
     "SalesTaxCountry:s SalesTaxReturnRef:r TaxRegistrationNumber:s ReportingPeriod:s TaxTrackedOnPurchases:b "
     "TaxOnPurchasesAccountRef:r TaxTrackedOnSales:b TaxTrackedOnSalesAccountRef:r TaxOnTax:b LastFileDate:D "
     "TaxAgencyExt:x TaxAgencyConfig:s"},
    {"CompanyInfo",
     "Id:s SyncToken:s MetaData:x CustomField:*x AttachableRef:*x CompanyName:s LegalName:s "
     "CompanyAddr:o:PhysicalAddress CustomerCommunicationAddr:o:PhysicalAddress LegalAddr:o:PhysicalAddress "
     "CompanyEmailAddr:o:EmailAddress CustomerCommunicationEmailAddr:o:EmailAddress CompanyURL:o:WebSiteAddress "
     "PrimaryPhone:o:TelephoneNumber OtherContactInfo:*x CompanyFileName:s FlavorStratum:s SampleFile:b "
     "CompanyUserId:s CompanyUserAdminEmail:s CompanyStartDate:D EmployerId:s FiscalYearStartMonth:e:MonthEnum "
     "TaxYearStartMonth:e:MonthEnum QBVersion:s Country:s ShipAddr:o:PhysicalAddress OtherAddr:*o:PhysicalAddress "
     "Mobile:o:TelephoneNumber Fax:o:TelephoneNumber Email:o:EmailAddress WebAddr:o:WebSiteAddress LastImportedTime:T "
     "LastSyncTime:T SupportedLanguages:s DefaultTimeZone:s MultiByteCharsSupported:b NameValue:*x "
     "FifoCalculationStatus:e:FifoCalculationStatus CompanyInfoEx:x"},
    {"Preferences",
     "Id:s SyncToken:s MetaData:x CustomField:*x AttachableRef:*x AccountingInfoPrefs:o:CompanyAccountingPrefs "
     "AdvancedInventoryPrefs:o:AdvancedInventoryPrefs ProductAndServicesPrefs:o:ProductAndServicesPrefs "
     "SalesFormsPrefs:o:SalesFormsPrefs EmailMessagesPrefs:o:EmailMessagesPrefs "
     "PrintDocumentPrefs:o:PrintDocumentPrefs VendorAndPurchasesPrefs:o:VendorAndPurchasesPrefs "
     "TimeTrackingPrefs:o:TimeTrackingPrefs TaxPrefs:o:TaxPrefs FinanceChargesPrefs:o:FinanceChargePrefs "
     "CurrencyPrefs:o:CurrencyPrefs ReportPrefs:o:ReportPrefs OtherPrefs:o:OtherPrefs"},
    {"CompanyCurrency",
     "Id:s SyncToken:s MetaData:x CustomField:*x AttachableRef:*x Code:s Name:s Active:b CompanyCurrencyEx:x"},
    {"ExchangeRate",
     "Id:s SyncToken:s MetaData:x CustomField:*x AttachableRef:*x SourceCurrencyCode:s TargetCurrencyCode:s Rate:d "
     "AsOfDate:D ExchangeRateEx:x"},
    {"TelephoneNumber",
     "Id:s DeviceType:s CountryCode:s AreaCode:s ExchangeCode:s Extension:s FreeFormNumber:s Default:b Tag:s"},
    {"EmailAddress", "Id:s Address:s Default:b Tag:s"},
    {"WebSiteAddress", "Id:s URI:s Default:b Tag:s"},
    {"PhysicalAddress",
     "Id:s Line1:s Line2:s Line3:s Line4:s Line5:s City:s Country:s CountryCode:s County:s CountrySubDivisionCode:s "
     "PostalCode:s PostalCodeSuffix:s Lat:s Long:s Tag:s Note:s"},
    {"ItemGroupDetail", "ItemGroupLine:*o:ItemComponentLine"},
    {"ItemAssemblyDetail", "ItemAssemblyLine:*o:ItemComponentLine"},
    {"LinkedTxn", "TxnId:s TxnType:s TxnLineId:s"},
    {"Line",
     "Id:s LineNum:i Description:s Amount:d Received:d LinkedTxn:*o:LinkedTxn DetailType:e:LineDetailTypeEnum "
     "PaymentLineDetail:o:PaymentLineDetail DiscountLineDetail:o:DiscountLineDetail TaxLineDetail:o:TaxLineDetail "
     "SalesItemLineDetail:o:SalesItemLineDetail DescriptionLineDetail:o:DescriptionLineDetail "
     "ItemBasedExpenseLineDetail:x AccountBasedExpenseLineDetail:x ReimburseLineDetail:x "
     "DepositLineDetail:o:DepositLineDetail PurchaseOrderItemLineDetail:x SalesOrderItemLineDetail:x "
     "ItemReceiptLineDetail:x JournalEntryLineDetail:x GroupLineDetail:o:GroupLineDetail "
     "SubTotalLineDetail:o:SubTotalLineDetail TDSLineDetail:x ItemAdjustmentLineDetail:x CustomField:*x LineEx:x "
     "ProjectRef:r CostAmount:d HomeCostAmount:d CustomExtensions:*x"},
    {"TxnTaxDetail",
     "DefaultTaxCodeRef:r TxnTaxCodeRef:r TotalTax:d TaxReviewStatus:e:TaxReviewStatusEnum TaxLine:*o:Line "
     "UseAutomatedSalesTax:b"},
    {"TaxRateList", "TaxRateDetail:*o:TaxRateDetail"},
    {"CompanyAccountingPrefs",
     "UseAccountNumbers:b DefaultARAccount:r DefaultAPAccount:r RequiresAccounts:b TrackDepartments:b "
     "DepartmentTerminology:s ClassTrackingPerTxn:b ClassTrackingPerTxnLine:b AutoJournalEntryNumber:b "
     "FirstMonthOfFiscalYear:e:MonthEnum TaxYearMonth:e:MonthEnum TaxForm:s BookCloseDate:D OtherContactInfo:*x "
     "CustomerTerminology:s"},
    {"AdvancedInventoryPrefs",
     "MLIAvailable:b MLIEnabled:b EnhancedInventoryReceivingEnabled:b TrackingSerialOrLotNumber:b "
     "TrackingOnSalesTransactionsEnabled:b TrackingOnPurchaseTransactionsEnabled:b "
     "TrackingOnInventoryAdjustmentEnabled:b TrackingOnBuildAssemblyEnabled:b FIFOEnabled:b FIFOEffectiveDate:D "
     "RowShelfBinEnabled:b BarcodeEnabled:b"},
    {"ProductAndServicesPrefs",
     "ForSales:b ForPurchase:b InventoryAndPurchaseOrder:b QuantityWithPriceAndRate:b QuantityOnHand:b "
     "UOM:e:UOMFeatureTypeEnum RevenueRecognition:b RevenueRecognitionFrequency:s"},
    {"SalesFormsPrefs",
     "UsingProgressInvoicing:b CustomField:*x CustomTxnNumbers:b DelayedCharges:b SalesEmailCc:o:EmailAddress "
     "SalesEmailBcc:o:EmailAddress EmailCopyToCompany:b AllowDeposit:b AllowDiscount:b DefaultDiscountAccount:s "
     "AllowEstimates:b EstimateMessage:s ETransactionEnabledStatus:e:ETransactionEnabledStatusEnum "
     "ETransactionAttachPDF:b ETransactionPaymentEnabled:b IPNSupportEnabled:b InvoiceMessage:s AllowServiceDate:b "
     "AllowShipping:b DefaultShippingAccount:s DefaultItem:r DefaultTerms:r DefaultDeliveryMethod:s AutoApplyCredit:b "
     "AutoApplyPayments:b PrintItemWithZeroAmount:b DefaultShipMethodRef:r DefaultMarkup:d "
     "TrackReimbursableExpensesAsIncome:b UsingSalesOrders:b UsingPriceLevels:b DefaultFOB:s DefaultCustomerMessage:s"},
    {"EmailMessagesPrefs",
     "NameValue:*x InvoiceMessage:o:EmailMessage EstimateMessage:o:EmailMessage SalesReceiptMessage:o:EmailMessage "
     "StatementMessage:o:EmailMessage"},
    {"PrintDocumentPrefs", "NameValue:*x"},
    {"VendorAndPurchasesPrefs",
     "EnableBills:b TrackingByCustomer:b BillableExpenseTracking:b DefaultTerms:r DefaultMarkup:d "
     "DefaultMarkupAccount:r AutomaticBillPayment:b TPAREnabled:b POCustomField:*x MsgToVendors:s UsingInventory:b "
     "UsingMultiLocationInventory:b DaysBillsAreDue:i DiscountAccountRef:r"},
    {"TimeTrackingPrefs",
     "UseServices:b DefaultTimeItem:r BillCustomers:b ShowBillRateToAll:b WorkWeekStartDate:e:WeekEnum "
     "TimeTrackingEnabled:b MarkTimeEntriesBillable:b MarkExpensesAsBillable:b"},
    {"TaxPrefs",
     "UsingSalesTax:b PartnerTaxEnabled:b HideTaxManagement:b TaxGroupCodeRef:r TaxRateRef:r "
     "PaySalesTax:e:PaySalesTaxEnum NonTaxableSalesTaxCodeRef:r TaxableSalesTaxCodeRef:r"},
    {"FinanceChargePrefs",
     "AnnualInterestRate:d MinFinChrg:d GracePeriod:i CalcFinChrgFromTxnDate:b AssessFinChrgForOverdueCharges:b "
     "FinChrgAccountRef:r"},
    {"CurrencyPrefs", "MultiCurrencyEnabled:b HomeCurrency:r"},
    {"ReportPrefs", "ReportBasis:e:ReportBasisEnum CalcAgingReportFromTxnDate:b"},
    {"OtherPrefs", "NameValue:*x"},
    {"ItemComponentLine", "ItemRef:r Qty:d UOMRef:x"},
    {"PaymentLineDetail",
     "ItemRef:r ServiceDate:D ClassRef:r Balance:d HomeBalance:d Discount:o:DiscountOverride PaymentLineEx:x"},
    {"DiscountLineDetail",
     "DiscountRef:r PercentBased:b DiscountPercent:d DiscountAccountRef:r ServiceDate:D ClassRef:r TaxCodeRef:r "
     "DiscountLineDetailEx:x"},
    {"TaxLineDetail",
     "TaxRateRef:r PercentBased:b TaxPercent:d NetAmountTaxable:d TaxInclusiveAmount:d OverrideDeltaAmount:d "
     "ServiceDate:D TaxLineDetailEx:x"},
    {"SalesItemLineDetail",
     "ItemRef:r ClassRef:r UnitPrice:d UnitCostPrice:d RatePercent:d PriceLevelRef:r MarkupInfo:x Qty:d UOMRef:x "
     "ItemAccountRef:r InventorySiteRef:r TaxCodeRef:r TaxClassificationRef:r ServiceDate:D TaxInclusiveAmt:d "
     "DiscountRate:d DiscountAmt:d DeferredRevenue:b RetainageAmount:d SalesItemLineDetailEx:x"},
    {"DescriptionLineDetail", "ServiceDate:D TaxCodeRef:r DescriptionLineDetailEx:x"},
    {"DepositLineDetail",
     "Entity:r ClassRef:r AccountRef:r PaymentMethodRef:r CheckNum:s TxnType:e:TxnTypeEnum TaxCodeRef:r "
     "TaxApplicableOn:e:TaxApplicableOnEnum DepositLineDetailEx:x"},
    {"GroupLineDetail", "GroupItemRef:r Quantity:d UOMRef:x ServiceDate:D Line:*o:Line GroupLineDetailEx:x"},
    {"SubTotalLineDetail", "ItemRef:r ServiceDate:D"},
    {"TaxRateDetail", "TaxRateRef:r TaxTypeApplicable:e:TaxTypeApplicablityEnum TaxOrder:i TaxOnTaxOrder:i"},
    {"EmailMessage", "Subject:s Message:s"},
    {"DiscountOverride", "DiscountRef:r PercentBased:b DiscountPercent:d DiscountAccountRef:r"},
};

constexpr SchemaRow kEnums[] = {
    {"AgencyVerificationStatus", "MATCHED UNMATCHED PENDING FAILED"},
    {"gender", "Male Female"},
    {"TimeEntryUsedForPaychecksEnum", "NotSet DoNotUseTimeEntry UseTimeEntry"},
    {"ItemTypeEnum",
     "Assembly Category Fixed~Asset Group Inventory NonInventory Other~Charge Payment Service Subtotal Discount Tax "
     "Tax~Group Bundle"},
    {"SpecialItemTypeEnum", "FinanceCharge ReimbursableExpenseGroup ReimbursableExpenseSubtotal"},
    {"TxnSubTypeEnum",
     "InvoiceTax InvoiceRetail JournalTaxAdjustment ProjectCostEstimate EmployeeReimbursableExpense "
     "EmployeeReimbursableExpensePayment RetainageRelease"},
    {"GlobalTaxCalculationEnum", "TaxInclusive TaxExcluded NotApplicable"},
    {"PrintStatusEnum", "NotSet NeedToPrint PrintComplete"},
    {"EmailStatusEnum", "NotSet NeedToSend EmailSent"},
    {"PaymentTypeEnum", "Cash Check CreditCard Expense Other"},
    {"ETransactionStatusEnum",
     "Sent Viewed Paid Delivery~Error Updated Error Accepted Rejected Sent~With~ICN~Error Delivered Disputed"},
    {"FinancingProductTypeEnum", "GET_PAID_UPFRONT"},
    {"SubscriptionPaymentsSettingEnum", "SALE_TERM"},
    {"PaymentExtendedTypeEnum", "Prepayment"},
    {"AccountClassificationEnum", "Asset Equity Expense Liability Revenue"},
    {"AccountTypeEnum",
     "Bank Accounts~Receivable Other~Current~Asset Fixed~Asset Other~Asset Accounts~Payable Credit~Card "
     "Other~Current~Liability Long~Term~Liability Equity Income Cost~of~Goods~Sold Expense Other~Income Other~Expense "
     "Non-Posting"},
    {"GTMConfigTypeEnum", "SYSTEM_GENERATED USER_DEFINED SCRA_DEFINED HIDDEN_AGENCY"},
    {"SpecialTaxTypeEnum", "NONE ZERO_RATE FOREIGN_TAX REVERSE_CHARGE ADJUSTMENT_RATE"},
    {"TaxRateDisplayTypeEnum", "ReadOnly HideInTransactionForms HideInPrintedForms HideInAll"},
    {"MonthEnum", "January February March April May June July August September October November December"},
    {"FifoCalculationStatus", "None InProgress Completed Error"},
    {"LineDetailTypeEnum",
     "PaymentLineDetail DiscountLineDetail TaxLineDetail SalesItemLineDetail ItemBasedExpenseLineDetail "
     "AccountBasedExpenseLineDetail DepositLineDetail PurchaseOrderItemLineDetail ItemReceiptLineDetail "
     "JournalEntryLineDetail GroupLineDetail DescriptionOnly SubTotalLineDetail SalesOrderItemLineDetail TDSLineDetail "
     "ReimburseLineDetail ItemAdjustmentLineDetail"},
    {"TaxReviewStatusEnum", "NON_AST_TAX AST_TAX_OVERRIDE"},
    {"UOMFeatureTypeEnum", "Disabled SinglePerItem MultiplePerItem"},
    {"ETransactionEnabledStatusEnum", "Enabled NotApplicable"},
    {"WeekEnum", "Sunday Monday Tuesday Wednesday Thursday Friday Saturday"},
    {"PaySalesTaxEnum", "Annually Monthly Quarterly"},
    {"ReportBasisEnum", "Accrual Cash"},
    {"TxnTypeEnum",
     "APCreditCard ARRefundCreditCard Bill BillPaymentCheck BuildAssembly CarryOver CashPurchase Charge Check "
     "CreditCardPayment CreditMemo Deposit EFPLiabilityCheck EFTBillPayment EFTRefund Estimate InventoryAdjustment "
     "InventoryTransfer Invoice ItemReceipt JournalEntry LiabilityAdjustment Paycheck PayrollLiabilityCheck "
     "PurchaseOrder PriorPayment ReceivePayment RefundCheck ReimburseCharge SalesOrder SalesReceipt "
     "SalesTaxPaymentCheck Transfer TimeActivity VendorCredit VendorPrepayment YTDAdjustment"},
    {"TaxApplicableOnEnum", "Purchase Sales"},
    {"TaxTypeApplicablityEnum", "TaxOnAmount TaxOnAmountPlusTax TaxOnTax"},
};

}  // namespace

std::span<const SchemaRow> schema_rows() { return kRows; }
std::span<const SchemaRow> schema_enums() { return kEnums; }

}  // namespace tieout::sandbox::quickbooks
